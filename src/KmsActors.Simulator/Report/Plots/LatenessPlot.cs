using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>How late something was: a level bar for each class, from the first to the last that there is.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
/// <param name="Lateness">What is shown.</param>
internal sealed record LatenessPlot(string Title, string Nothing, LatenessHistogram Lateness) : Plot(Title, Nothing)
{
    private const double RowHeight = 22;
    private const double LeastLength = 1.5;

    private static readonly TimeSpan[] s_bounds =
    [
        TimeSpan.Zero,
        TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
    ];

    /// <inheritdoc/>
    public override bool IsEmpty => Lateness.Count == 0;

    /// <inheritdoc/>
    public override string Note =>
        $"{Words.Count(Lateness.Count)} in all: half of them within {Words.Duration(Lateness.Quantile(0.5))}, "
        + $"99\u00a0% within {Words.Duration(Lateness.Quantile(0.99))}, all within {Words.Duration(Lateness.Max)}.";

    /// <inheritdoc/>
    public override XElement Draw()
    {
        var classes = Classes();
        var left = classes.Max(each => Svg.WidthOf(each.Name)) + 8;
        var room = Width - left - classes.Max(each => Svg.WidthOf(Words.Count(each.Count))) - 8;
        var largest = classes.Max(each => each.Count);
        return Svg.Picture(Width, classes.Count * RowHeight, Title, classes.SelectMany((each, row) =>
        {
            var middle = (row + 0.5) * RowHeight;
            var baseline = middle + (Svg.FontSize * 0.35);
            var length = each.Count == 0 ? 0 : Math.Max(LeastLength, room * each.Count / largest);
            var count = Words.Count(each.Count);
            var name = Svg.Text(left - 8, baseline, "end", each.Name);
            var number = Svg.Text(left + length + 6, baseline, "start", count);
            if (each.Count == 0) return (XElement[])[name, number];
            return [name, Svg.Bar(left, middle - 7, length, 14, "fill1", $"{each.Name}: {count}"), number];
        }));
    }

    /// <inheritdoc/>
    public override FigureTable Table() => new(
        "Each row is a class.", ["Late by", "How many"],
        [.. Classes().Select(each => (string[])[each.Name, Words.Count(each.Count)])]);

    /// <summary>How many are in each class, without the empty ones before the first and after the last.</summary>
    private List<(string Name, long Count)> Classes()
    {
        var classes = new List<(string Name, long Count)>();
        long below = 0;
        foreach (var bound in s_bounds)
        {
            var upTo = Lateness.CountUpTo(bound);
            classes.Add((bound == TimeSpan.Zero ? "not at all" : $"up to {Words.Duration(bound)}", upTo - below));
            below = upTo;
        }

        classes.Add(("more", Lateness.Count - below));
        var first = classes.FindIndex(each => each.Count > 0);
        var last = classes.FindLastIndex(each => each.Count > 0);
        return classes[first..(last + 1)];
    }
}
