using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>The axes of a plot of days, and the room between them.</summary>
internal sealed class Frame
{
    private const double Height = 240;
    private const double Top = 12;
    private const double Bottom = 208;
    private const double RightMargin = 20;

    /// <summary>Half of the longest label of a first day, and the same for most plots.</summary>
    private const double LeastLeftMargin = 50;

    private readonly DayScale _days;
    private readonly LinearScale _counts;
    private readonly double _left;

    /// <param name="start">The first day.</param>
    /// <param name="days">How many days there are.</param>
    /// <param name="largest">The largest count that is shown.</param>
    public Frame(DateOnly start, int days, long largest)
    {
        _counts = new(largest);
        _left = Math.Max(LeastLeftMargin, _counts.Ticks.Max(tick => Svg.WidthOf(Words.Count(tick))) + 8);
        _days = new(start, days, _left, Plot.Width - RightMargin - _left, Plot.Width);
    }

    /// <summary>Where a day begins, from the left.</summary>
    public double X(double day) => _days.At(day);

    /// <summary>Where a count is, from above.</summary>
    public double Y(long count) => Bottom - (_counts.At(count) * (Bottom - Top));

    /// <summary>The picture: the content between the axes.</summary>
    public XElement Picture(string label, IEnumerable<XElement> content) => Svg.Picture(
        Plot.Width, Height, label,
        new XElement("g", new XAttribute("class", "grid"),
            _counts.Ticks.Select(tick => Svg.GridLine(_left, Y(tick), Plot.Width - RightMargin, Y(tick))),
            _days.Ticks.Select(tick => Svg.GridLine(X(tick.Day), Bottom, X(tick.Day), Bottom + 5))),
        content,
        new XElement("g", new XAttribute("class", "counts"), _counts.Ticks.Select(tick =>
            Svg.Text(_left - 6, Y(tick) + (Svg.FontSize * 0.35), "end", Words.Count(tick)))),
        new XElement("g", new XAttribute("class", "days"), _days.Ticks.Select(tick =>
            Svg.Text(X(tick.Day), Bottom + Svg.FontSize + 8, "middle", tick.Text))));
}
