using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>A picture, with what those need who read it in words.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
internal abstract record Plot(string Title, string Nothing)
{
    /// <summary>
    /// The width of all plots, in the units of the view box. On a desktop they are shown about that wide, on a phone of
    /// 390 px 328 px wide, where their letters are of 11.5 px.
    /// </summary>
    public const double Width = 400;

    /// <summary>Whether there is nothing to show.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>What the numbers are, and of what.</summary>
    public abstract string Note { get; }

    /// <summary>What the colours mean; nothing if there is but one.</summary>
    public virtual IReadOnlyList<Series> Legend => [];

    /// <summary>The picture; there is something to show.</summary>
    public abstract XElement Draw();

    /// <summary>The numbers. The title says what its rows are.</summary>
    public abstract FigureTable Table();
}

/// <summary>A picture of days: what all of them have in common.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Nothing">What to say instead when there is nothing to show.</param>
/// <param name="Start">The first day.</param>
/// <param name="All">What is shown, over the same days.</param>
internal abstract record DayPlot(string Title, string Nothing, DateOnly Start, IReadOnlyList<Series> All)
    : Plot(Title, Nothing)
{
    private const int MostRows = 40;

    /// <inheritdoc/>
    public override bool IsEmpty => All.All(series => series.Daily.All(value => value == 0));

    /// <inheritdoc/>
    public override IReadOnlyList<Series> Legend => All.Count > 1 ? All : [];

    /// <summary>What the date of a row says of it.</summary>
    protected virtual string DateHead => "From";

    /// <summary>How many days there are.</summary>
    protected int Days => All[0].Daily.Count;

    /// <inheritdoc/>
    public override FigureTable Table()
    {
        var bins = new Bins(Start, Days, MostRows);
        var columns = All.Select(series => InBins(bins, series)).ToArray();
        var rows = bins.Begins.Select((_, bin) =>
            (string[])[Words.Date(DateOf(bins, bin)), .. columns.Select(column => Words.Count(column[bin]))]);
        return new(
            $"Each row is {bins.Unit}.", [DateHead, .. All.Select(series => series.Name)], [.. rows]);
    }

    /// <summary>The date that names a bin.</summary>
    protected virtual DateOnly DateOf(Bins bins, int bin) => Start.AddDays(bins.Begins[bin]);

    /// <summary>A number of each bin.</summary>
    protected virtual IReadOnlyList<long> InBins(Bins bins, Series series) => bins.Sums(series.Daily);
}
