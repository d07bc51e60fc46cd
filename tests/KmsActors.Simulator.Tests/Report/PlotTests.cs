using System.Text.RegularExpressions;

namespace KmsActors.Simulator.Tests;

public sealed partial class PlotTests
{
    [Fact]
    public void Labels_NeverTouch()
    {
        var random = new Random(3);
        for (var round = 0; round < 600; round++)
        {
            var start = new DateOnly(2000, 1, 1).AddDays(random.Next(36_500));
            var days = round <= 400 ? round + 1 : random.Next(1, 3661);
            var largest = (long)Math.Pow(10, random.NextDouble() * 9);
            var picture = new Frame(start, days, largest).Picture("any", []);
            var where = $"{start:o}, {days} days, up to {largest}";
            var dates = Plots.Labels(picture, "days");
            Assert.True(dates.Length >= (days < 2 ? 1 : 2), where);
            Assert.True(dates.Zip(dates.Skip(1)).All(pair => Plots.Extent(pair.First).End + 5 < Plots.Extent(pair.Second).Begin), where);
            Assert.True(dates.All(label => Plots.Extent(label) is { Begin: >= 0, End: <= Plot.Width }), where);
            // The year is said somewhere.
            Assert.Contains(dates, label => Year().IsMatch(label.Value));
            var counts = Plots.Labels(picture, "counts");
            Assert.InRange(counts.Length, 2, 6);
            Assert.True(counts.Zip(counts.Skip(1)).All(pair => Plots.Number(pair.First, "y") - Plots.Number(pair.Second, "y") > 14), where);
            Assert.True(counts.All(label => Plots.Extent(label).Begin >= 0), where);
        }
    }

    [Theory]
    [InlineData(0, new long[] { 0, 1 })]
    [InlineData(1, new long[] { 0, 1 })]
    [InlineData(5, new long[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(6, new long[] { 0, 2, 4, 6 })]
    [InlineData(11, new long[] { 0, 5, 10, 15 })]
    [InlineData(1_000_000, new long[] { 0, 200_000, 400_000, 600_000, 800_000, 1_000_000 })]
    public void Counts_HaveRoundLabels(long largest, long[] labels)
    {
        var scale = new LinearScale(largest);
        Assert.Equal(labels, scale.Ticks);
        Assert.Equal(1, scale.At(labels[^1]));
    }

    [Theory]
    [InlineData("2026-01-01", 1096, "2026|Jul|2027|Jul|2028|Jul|2029")]
    [InlineData("2026-02-11", 500, "Apr 2026|Jul|Oct|2027|Apr")]
    [InlineData("2026-12-30", 3, "30 Dec 2026|31 Dec|1 Jan")]
    [InlineData("2026-01-01", 3660, "2026|2028|2030|2032|2034|2036")]
    public void Days_AreLabelledAtTheBeginningOfMonthsAndYears(string start, int days, string labels) =>
        Assert.Equal(labels, string.Join('|', new DayScale(DateOnly.Parse(start), days, 50, 330, 400).Ticks.Select(tick => tick.Text)));

    [Fact]
    public void Bins_CoverAllDaysOnce()
    {
        for (var days = 1; days <= 3660; days += days < 200 ? 1 : 23)
        {
            var bins = new Bins(Samples.Start, days, 80);
            Assert.Equal([0, .. bins.Ends.SkipLast(1)], bins.Begins);
            Assert.Equal(days, bins.Ends[^1]);
            Assert.InRange(bins.Begins.Count, days <= 80 ? days : 27, 80);
            Assert.Equal(days, bins.Sums([.. Enumerable.Repeat(1L, days)]).Sum());
        }
    }

    [Fact]
    public void Bins_SayHowLongTheyAre()
    {
        var bins = new Bins(Samples.Start, 1096, 80);
        Assert.Equal("18 days, the last one 16", bins.Unit);
        Assert.Equal(("2026-01-01 to 2026-01-18", "2028-12-16 to 2028-12-31"), (bins.Names[0], bins.Names[^1]));
        Assert.Equal("1 day", new Bins(Samples.Start, 80, 80).Unit);
    }

    [Fact]
    public void Bars_AreAsHighAsTheirCounts_AndOneOfManyCanBeSeen()
    {
        var plot = new BarPlot("any", "nothing", Samples.Start, [new("Kind", 2, [10_000, 5000, 0, 1])]);
        var bars = plot.Draw().Elements("rect").Select(bar => Plots.Number(bar, "height")).ToArray();
        Assert.Equal(3, bars.Length);
        Assert.Equal(bars[0] / 2, bars[1], 0.02);
        Assert.Equal(1.5, bars[2]);
    }

    [Fact]
    public void Areas_LieUponEachOther()
    {
        var plot = new AreaPlot("any", "nothing", Samples.Start, [new("Low", 1, [4, 2]), new("None", 2, [0, 0]), new("High", 3, [0, 2])]);
        var paths = plot.Draw().Elements("path").Select(path => path.Attribute("d")!.Value).ToArray();
        Assert.Equal(
            [
                "M50 12L215 12L380 110L380 208L215 208L50 208Z",
                "M50 12L215 12L380 12L380 110L215 12L50 12Z",
            ],
            paths);
        Assert.Equal(["At the end of", "Low", "None", "High"], plot.Table().Columns);
        Assert.Equal(["2026-01-02", "2", "0", "2"], plot.Table().Rows[1]);
    }

    [Fact]
    public void Table_HasTheNumbersOfThePicture()
    {
        var daily = Enumerable.Range(0, 82).Select(day => day == 81 ? 5L : 1).ToArray();
        var table = new BarPlot("any", "nothing", Samples.Start, [new("Kind", 1, daily)]).Table();
        Assert.Equal(("Each row is 4 days, the last one 2.", 21), (table.Title, table.Rows.Count));
        Assert.Equal(["From", "Kind"], table.Columns);
        Assert.Equal(["2026-01-01", "4"], table.Rows[0]);
        Assert.Equal(["2026-03-22", "6"], table.Rows[^1]);
    }

    [Fact]
    public void Steps_GoFromDayToDay()
    {
        var plot = new StepPlot("any", "nothing", Samples.Start, [new("One", 1, [0, 4]), new("None", 2, [0, 0])]);
        Assert.Equal("M50 208V208H215V12H380", Assert.Single(plot.Draw().Elements("path")).Attribute("d")!.Value);
    }

    [Fact]
    public void Lateness_IsShownFromTheFirstClassToTheLastThatThereIs()
    {
        var lateness = new LatenessHistogram();
        foreach (var seconds in new[] { 0.6, 1, 4 }) lateness.Record(TimeSpan.FromSeconds(seconds));
        var plot = new LatenessPlot("any", "nothing", lateness);
        Assert.Equal(["up to 1 s: 2", "up to 2 s: 0", "up to 5 s: 1"], plot.Table().Rows.Select(row => $"{row[0]}: {row[1]}"));
        Assert.Equal(2, plot.Draw().Elements("rect").Count());
        lateness.Record(TimeSpan.FromHours(1));
        Assert.Equal("more", plot.Table().Rows[^1][0]);
    }

    [GeneratedRegex("[0-9]{4}$")]
    private static partial Regex Year();
}
