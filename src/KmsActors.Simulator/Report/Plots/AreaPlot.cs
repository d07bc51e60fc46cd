using System.Text;
using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>What there is at the end of days, one upon another.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
/// <param name="Start">The first day.</param>
/// <param name="All">From the lowest to the highest.</param>
internal sealed record AreaPlot(string Title, string Nothing, DateOnly Start, IReadOnlyList<Series> All)
    : DayPlot(Title, Nothing, Start, All)
{
    private const int MostPoints = 200;

    /// <inheritdoc/>
    public override string Note => "At the end of each day.";

    /// <inheritdoc/>
    public override XElement Draw()
    {
        var bins = new Bins(Start, Days, MostPoints);
        var levels = All.Select(series => bins.Lasts(series.Daily)).ToArray();
        // Where each area begins and ends: the sums from the lowest up.
        var edges = new long[All.Count + 1][];
        edges[0] = new long[bins.Ends.Count];
        for (var area = 0; area < All.Count; area++)
            edges[area + 1] = [.. edges[area].Zip(levels[area], (below, level) => below + level)];
        var frame = new Frame(Start, Days, edges[^1].Max());
        return frame.Picture(Title, All
            .Select((series, area) => (series, area))
            .Where(each => levels[each.area].Any(level => level != 0))
            .Select(each => Svg.Path(Area(frame, bins, edges[each.area], edges[each.area + 1]), each.series.Fill)));
    }

    /// <inheritdoc/>
    protected override string DateHead => "At the end of";

    /// <inheritdoc/>
    protected override DateOnly DateOf(Bins bins, int bin) => Start.AddDays(bins.Ends[bin] - 1);

    /// <inheritdoc/>
    protected override IReadOnlyList<long> InBins(Bins bins, Series series) => bins.Lasts(series.Daily);

    /// <summary>
    /// Along the upper edge, and back along the lower. The first day is level, as what was before is unknown.
    /// </summary>
    private static string Area(Frame frame, Bins bins, long[] lower, long[] upper)
    {
        var data = new StringBuilder();
        Append('M', 0, upper[0]);
        for (var bin = 0; bin < upper.Length; bin++) Append('L', bins.Ends[bin], upper[bin]);
        for (var bin = upper.Length - 1; bin >= 0; bin--) Append('L', bins.Ends[bin], lower[bin]);
        Append('L', 0, lower[0]);
        return data.Append('Z').ToString();

        void Append(char step, int day, long level) =>
            data.Append(step).Append(Svg.Number(frame.X(day))).Append(' ').Append(Svg.Number(frame.Y(level)));
    }
}
