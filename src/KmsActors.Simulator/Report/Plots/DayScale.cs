using System.Globalization;

namespace KmsActors.Simulator;

/// <summary>A label of an axis of days.</summary>
/// <param name="Day">The day that begins there, counted from the first.</param>
/// <param name="Text">The label, which is centred there.</param>
internal readonly record struct DayTick(int Day, string Text);

/// <summary>
/// An axis of days. Its labels stand at the beginning of days, months or years, as close as they can without
/// touching.
/// </summary>
internal sealed class DayScale
{
    private const double Gap = 10;

    private static readonly (int Days, int Months)[] s_steps =
    [
        (1, 0), (2, 0), (7, 0), (14, 0), (28, 0), (0, 1), (0, 2), (0, 3), (0, 6), (0, 12), (0, 24), (0, 60),
    ];

    private readonly DateOnly _start;
    private readonly int _days;
    private readonly double _left;
    private readonly double _width;

    /// <param name="start">The first day.</param>
    /// <param name="days">How many days there are.</param>
    /// <param name="left">Where the first day begins.</param>
    /// <param name="width">From there to where the last day ends.</param>
    /// <param name="right">Where labels have to end.</param>
    public DayScale(DateOnly start, int days, double left, double width, double right)
    {
        (_start, _days, _left, _width) = (start, days, left, width);
        Ticks = s_steps
            .Select(step => TicksOf(step).Where(tick => Begin(tick) >= 0 && End(tick) <= right).ToArray())
            .First(ticks => ticks.Zip(ticks.Skip(1)).All(pair => End(pair.First) + Gap <= Begin(pair.Second)));
    }

    /// <summary>The labels.</summary>
    public IReadOnlyList<DayTick> Ticks { get; }

    /// <summary>Where a day begins.</summary>
    public double At(double day) => _left + (day / _days * _width);

    private double Begin(DayTick tick) => At(tick.Day) - (Svg.WidthOf(tick.Text) / 2);

    private double End(DayTick tick) => At(tick.Day) + (Svg.WidthOf(tick.Text) / 2);

    private IEnumerable<DayTick> TicksOf((int Days, int Months) step)
    {
        var isFirst = true;
        foreach (var date in step.Months == 0 ? EveryDays(step.Days) : EveryMonths(step.Months))
        {
            yield return new(date.DayNumber - _start.DayNumber, TextOf(date, step, isFirst));
            isFirst = false;
        }
    }

    private IEnumerable<DateOnly> EveryDays(int step)
    {
        for (var day = 0; day <= _days; day += step) yield return _start.AddDays(day);
    }

    private IEnumerable<DateOnly> EveryMonths(int step)
    {
        // Counted from the year 0, so that steps of several months or years begin in January of round years.
        var month = (_start.Year * 12) + _start.Month - 1;
        if (_start.Day > 1) month++;
        for (month = (month + step - 1) / step * step; ; month += step)
        {
            var date = new DateOnly(month / 12, (month % 12) + 1, 1);
            if (date > _start.AddDays(_days)) yield break;
            yield return date;
        }
    }

    /// <summary>The first has its year, and then each January is called by its year.</summary>
    private static string TextOf(DateOnly date, (int Days, int Months) step, bool isFirst)
    {
        var format = (step.Months, isFirst, date.Month) switch
        {
            (0, true, _) => "d MMM yyyy",
            (0, false, _) => "d MMM",
            (_, _, 1) => "yyyy",
            (_, true, _) => "MMM yyyy",
            _ => "MMM",
        };
        return date.ToString(format, CultureInfo.InvariantCulture);
    }
}
