using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KmsActors.Grains;

namespace KmsActors.Simulator.Tests;

public sealed partial class HtmlReportTests
{
    private static readonly string[] s_void = ["meta"];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(200)]
    [InlineData(1096)]
    [InlineData(3660)]
    public void Report_IsOneWellFormedFileThatNeedsNoOther(int days)
    {
        var text = HtmlReport.Of(Samples.Run(days));
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", text, StringComparison.Ordinal);
        var document = Parse(text);
        Assert.DoesNotContain(
            document.Descendants(), each => each.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "use");
        Assert.DoesNotContain(document.Descendants().Attributes(), each => each.Name.LocalName is "src" or "href" or "style");
        Assert.DoesNotContain(document.Descendants().Attributes(), each => each.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
        Assert.Equal("width=device-width, initial-scale=1",
            document.Descendants("meta").Single(each => (string?)each.Attribute("name") == "viewport").Attribute("content")!.Value);
        Assert.True(text.Length < 200_000, $"{text.Length} letters");
    }

    [Fact]
    public void Elements_ThatAreEmpty_AreClosedAsHtmlHasIt()
    {
        // <p/> would be read as <p>. In a picture it is right.
        var text = Pictures().Replace(HtmlReport.Of(Samples.Run()), "");
        Assert.All(SelfClosed().Matches(text), match => Assert.Contains(match.Groups[1].Value, s_void));
        // What stands in a style element is not decoded.
        Assert.DoesNotMatch("[<>&]", ReportStyle.Css);
    }

    [Fact]
    public void Pictures_ScaleAndHaveLettersThatCanBeReadOnAPhone()
    {
        // A phone of 390 px, without the margins and borders of page and card.
        const double room = 390 - (2 * 16) - (2 * 14) - 2;
        var pictures = PicturesOf(Samples.Run());
        Assert.Equal(6, pictures.Count);
        foreach (var picture in pictures)
        {
            Assert.Null(picture.Attribute("width"));
            Assert.NotEmpty(picture.Attribute("aria-label")!.Value);
            Assert.True(Svg.FontSize * room / Box(picture).Width >= 11);
        }

        Assert.Contains($"svg text {{ font: {Svg.FontSize}px", ReportStyle.Css, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(200)]
    [InlineData(1096)]
    [InlineData(3660)]
    public void Pictures_HaveContent_AllOfItInside(int days)
    {
        foreach (var picture in PicturesOf(Samples.Run(days)))
        {
            var (width, height) = Box(picture);
            var shapes = picture.Descendants().Where(each => each.Name.LocalName is "rect" or "path").ToArray();
            Assert.NotEmpty(shapes);
            foreach (var shape in shapes)
            {
                Assert.NotEqual("", shape.Attribute("class")!.Value);
                if (shape.Name.LocalName == "path") continue;
                Assert.True(Number(shape, "width") > 0 && Number(shape, "height") > 0, $"{shape}");
                Assert.InRange(Number(shape, "x") + Number(shape, "width"), 0, width);
                Assert.InRange(Number(shape, "y"), 0, height);
                Assert.InRange(Number(shape, "y") + Number(shape, "height"), 0, height + 0.01);
            }

            foreach (var text in picture.Descendants("text"))
            {
                var (begin, end) = Plots.Extent(text);
                Assert.True(begin >= 0 && end <= width, $"{text} is from {begin} to {end} of {width}");
            }
        }
    }

    [Fact]
    public void Plots_WithoutContent_AreASentence()
    {
        var document = Parse(HtmlReport.Of(Samples.RunOf(new(), Samples.Quiet())));
        Assert.Empty(document.Descendants("svg"));
        var notes = document.Descendants("p").Where(each => (string?)each.Attribute("class") == "note").Select(each => each.Value).ToArray();
        Assert.Equal(6, notes.Length);
        Assert.All(notes, note => Assert.EndsWith(".", note, StringComparison.Ordinal));
        Assert.Contains("No key was deleted in this time.", notes);
    }

    [Fact]
    public void OnePlotWithContent_DoesNotShowTheOthers()
    {
        var statistics = Samples.Quiet(10);
        statistics.Moved(new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), null, KeyState.Enabled);
        var picture = Assert.Single(PicturesOf(Samples.RunOf(new() { Days = 10 }, statistics)));
        // Only the states in which there are keys are drawn.
        Assert.Equal("fill1", Assert.Single(picture.Descendants("path")).Attribute("class")!.Value);
    }

    [Fact]
    public void EarlyDeletion_StandsOut()
    {
        Assert.DoesNotContain(@"class=""tile bad""", HtmlReport.Of(Samples.Run()), StringComparison.Ordinal);
        var run = Samples.Run();
        run.Statistics.Deleted(new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Contains(
            @"<div class=""tile bad""><strong>1</strong>deleted before their date", HtmlReport.Of(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</pre></style></title><img src=x onerror=alert(1)>")]
    [InlineData("\" onload=\"alert(1)")]
    [InlineData("&lt;b&gt; &amp; ]]> <!-- -->")]
    [InlineData("control \u0001\u001b[31m and a half \ud83d pair, a whole \U0001F511")]
    public void Names_AreText(string name)
    {
        var run = Samples.Run(30) with { Command = $"simulate '{name}'" };
        run = run with { Fleet = run.Fleet with { Name = name, About = $"About {name}." } };
        var document = Parse(HtmlReport.Of(run));
        Assert.Equal(Words.Printable(name), document.Descendants("h1").Single().Value);
        Assert.Equal($"{Words.Printable(name)}: a fleet of keys, simulated", document.Descendants("title").First().Value);
        Assert.Equal($"simulate '{Words.Printable(name)}'", document.Descendants("pre").First().Value);
        Assert.DoesNotContain(document.Descendants(), each => each.Name.LocalName is "script" or "img" or "b");
        Assert.DoesNotContain(document.Descendants().Attributes(), each => each.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void Fleet_CanBeTakenFromTheReport()
    {
        var run = Samples.Run(30);
        var json = Parse(HtmlReport.Of(run)).Descendants("pre").Last().Value;
        Assert.Equal(run.Fleet.ToJson(), FleetReader.Read(json).ToJson());
    }

    [Fact]
    public void Figures_AreThoseOfTheStatistics()
    {
        var run = Samples.Run();
        var text = HtmlReport.Of(run);
        foreach (var what in Enum.GetValues<FleetEvent>())
            Assert.Contains($">{Words.Count(run.Statistics.Total(what))}</td>", text, StringComparison.Ordinal);
        foreach (var state in Enum.GetValues<KeyState>())
            Assert.Contains($"<td>{Words.State(state)}</td><td>{Words.Count(run.Statistics.KeysAtEnd(state))}</td>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SameRun_HasTheSameReport() => Assert.Equal(HtmlReport.Of(Samples.Run(100)), HtmlReport.Of(Samples.Run(100)));

    private static XElement Parse(string html) =>
        XDocument.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..], LoadOptions.PreserveWhitespace).Root!;

    private static List<XElement> PicturesOf(FleetRun run) =>
        [.. Parse(HtmlReport.Of(run)).Descendants("svg").Where(each => (string?)each.Attribute("role") == "img")];

    private static (double Width, double Height) Box(XElement picture)
    {
        var box = picture.Attribute("viewBox")!.Value.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return (box[2], box[3]);
    }

    private static double Number(XElement shape, string name) => Plots.Number(shape, name);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Pictures();

    [GeneratedRegex("<([a-z0-9]+)[^>]*/>")]
    private static partial Regex SelfClosed();
}
