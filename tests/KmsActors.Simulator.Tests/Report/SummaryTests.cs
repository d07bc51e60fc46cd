namespace KmsActors.Simulator.Tests;

public sealed class SummaryTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(200)]
    public void Summary_HasEveryFigure_AndFits(int width)
    {
        var run = Samples.Run();
        var lines = Written(run, width);
        foreach (var table in Figures.Of(run))
        {
            Assert.Contains(lines, line => line.Contains(table.Title, StringComparison.Ordinal));
            foreach (var row in table.Rows)
                Assert.Contains(lines, line => row.All(cell => line.Contains(cell, StringComparison.Ordinal)));
        }

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => line.Contains("3,383", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void Report_IsNamedInOneLine()
    {
        var path = $"/tmp/[red]{new string('x', 200)}.html";
        Assert.Contains($"Report: {path}", Written(Samples.Run(), 60, path));
    }

    [Fact]
    public void Names_AreText()
    {
        var run = Samples.Run(30);
        Assert.Contains("[bold]A [/] fleet[[", Written(run with { Fleet = run.Fleet with { Name = "[bold]A [/] fleet[[" } }, 80));
        var lines = Written(run with { Fleet = run.Fleet with { Name = "\u001b[31mred\a" } }, 80);
        Assert.DoesNotContain(lines, line => line.Any(letter => char.IsControl(letter)));
    }

    private static string[] Written(FleetRun run, int width, string path = "/tmp/report.html")
    {
        var text = new StringWriter();
        Summary.Write(new(text, IsLive: false, width), run, path);
        return [.. text.ToString().Split('\n').Select(line => line.TrimEnd())];
    }
}
