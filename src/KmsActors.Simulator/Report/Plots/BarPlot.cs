using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>What happened on days, as bars; several kinds one upon another.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
/// <param name="Start">The first day.</param>
/// <param name="All">From the lowest to the highest.</param>
internal sealed record BarPlot(string Title, string Nothing, DateOnly Start, IReadOnlyList<Series> All)
    : DayPlot(Title, Nothing, Start, All)
{
    private const int MostBars = 80;

    /// <summary>What the gaps take of the width.</summary>
    private const double GapShare = 0.2;

    /// <summary>So that one of many can be seen.</summary>
    private const double LeastHeight = 1.5;

    private Bins InBars { get; } = new(Start, All[0].Daily.Count, MostBars);

    /// <inheritdoc/>
    public override string Note => $"Each bar is {InBars.Unit}.";

    /// <inheritdoc/>
    public override XElement Draw()
    {
        var counts = All.Select(series => InBars.Sums(series.Daily)).ToArray();
        var bins = Enumerable.Range(0, InBars.Begins.Count).ToArray();
        var largest = bins.Max(bin => counts.Sum(kind => kind[bin]));
        var frame = new Frame(Start, Days, largest);
        return frame.Picture(Title, bins.SelectMany(bin => BarsOf(frame, counts, bin)));
    }

    private IEnumerable<XElement> BarsOf(Frame frame, IReadOnlyList<long>[] counts, int bin)
    {
        var left = frame.X(InBars.Begins[bin]);
        var width = (frame.X(InBars.Ends[bin]) - left) * (1 - GapShare);
        var y = frame.Y(0);
        for (var kind = 0; kind < counts.Length; kind++)
        {
            var count = counts[kind][bin];
            if (count == 0) continue;
            var height = Math.Max(frame.Y(0) - frame.Y(count), LeastHeight);
            y -= height;
            var hint = $"{InBars.Names[bin]}: {All[kind].Name} {Words.Count(count)}";
            yield return Svg.Bar(left, y, width, height, All[kind].Fill, hint);
        }
    }
}
