namespace KmsActors.Simulator;

/// <summary>A number for each day, and how it is shown.</summary>
/// <param name="Name">What it counts.</param>
/// <param name="Colour">One of the style's, from 1 on.</param>
/// <param name="Daily">A number for each day.</param>
internal sealed record Series(string Name, int Colour, IReadOnlyList<long> Daily)
{
    /// <summary>The class of what is filled in its colour.</summary>
    public string Fill => $"fill{Colour}";

    /// <summary>The class of what is drawn in its colour.</summary>
    public string Stroke => $"line{Colour}";
}

/// <summary>
/// Days put together, so that there are few enough to be seen: all of the same length but the last, which is as little
/// shorter as can be had.
/// </summary>
internal sealed class Bins
{
    /// <param name="start">The first day.</param>
    /// <param name="days">How many days there are.</param>
    /// <param name="most">The most bins.</param>
    public Bins(DateOnly start, int days, int most)
    {
        var least = (days + most - 1) / most;
        Length = least == 1
            ? 1
            : Enumerable.Range(least, least).MinBy(length => (double)Missing(days, length) / length);
        Begins = [.. Enumerable.Range(0, (days + Length - 1) / Length).Select(bin => bin * Length)];
        Ends = [.. Begins.Select(begin => Math.Min(begin + Length, days))];
        Names = [.. Begins.Zip(Ends, (begin, end) => NameOf(start.AddDays(begin), start.AddDays(end - 1)))];
    }

    /// <summary>Days in each, but the last, which may have fewer.</summary>
    public int Length { get; }

    /// <summary>The first day of each.</summary>
    public IReadOnlyList<int> Begins { get; }

    /// <summary>The day after the last of each.</summary>
    public IReadOnlyList<int> Ends { get; }

    /// <summary>The dates of each.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How long they are: <c>1 day</c>, or <c>18 days, the last one 16</c>.</summary>
    public string Unit
    {
        get
        {
            var last = Ends[^1] - Begins[^1];
            return Words.Count(Length, "day") + (last == Length ? "" : $", the last one {last}");
        }
    }

    /// <summary>What each comes to, of what is counted by the day.</summary>
    public IReadOnlyList<long> Sums(IReadOnlyList<long> daily) => [.. Begins.Zip(Ends, (begin, end) =>
    {
        long sum = 0;
        for (var day = begin; day < end; day++) sum += daily[day];
        return sum;
    })];

    /// <summary>What is at the end of each, of what stands at the end of days.</summary>
    public IReadOnlyList<long> Lasts(IReadOnlyList<long> daily) => [.. Ends.Select(end => daily[end - 1])];

    /// <summary>How many days the last one is shorter than the others.</summary>
    private static int Missing(int days, int length) => (length - (days % length)) % length;

    private static string NameOf(DateOnly first, DateOnly last) =>
        first == last ? Words.Date(first) : $"{Words.Date(first)} to {Words.Date(last)}";
}
