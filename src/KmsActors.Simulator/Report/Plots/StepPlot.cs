using System.Text;
using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>What happened on days, as a line of each kind that goes up and down by steps.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
/// <param name="Start">The first day.</param>
/// <param name="All">The kinds; a later one is drawn over an earlier one.</param>
internal sealed record StepPlot(string Title, string Nothing, DateOnly Start, IReadOnlyList<Series> All)
    : DayPlot(Title, Nothing, Start, All)
{
    private const int MostSteps = 60;

    private Bins InSteps { get; } = new(Start, All[0].Daily.Count, MostSteps);

    /// <inheritdoc/>
    public override string Note => $"Each step is {InSteps.Unit}.";

    /// <inheritdoc/>
    public override XElement Draw()
    {
        var counts = All.Select(series => InSteps.Sums(series.Daily)).ToArray();
        var frame = new Frame(Start, Days, counts.Max(kind => kind.Max()));
        return frame.Picture(Title, All.Zip(counts)
            .Where(each => each.Second.Any(count => count != 0))
            .Select(each => Svg.Path(Line(frame, each.Second), each.First.Stroke)));
    }

    private string Line(Frame frame, IReadOnlyList<long> counts)
    {
        var data = new StringBuilder($"M{Svg.Number(frame.X(0))} {Svg.Number(frame.Y(counts[0]))}");
        for (var bin = 0; bin < counts.Count; bin++)
        {
            data.Append('V').Append(Svg.Number(frame.Y(counts[bin])))
                .Append('H').Append(Svg.Number(frame.X(InSteps.Ends[bin])));
        }

        return data.ToString();
    }
}
