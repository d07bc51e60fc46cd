using System.Globalization;
using System.Xml.Linq;
using static KmsActors.Simulator.FleetEvent;
using static KmsActors.Simulator.Html;

namespace KmsActors.Simulator;

/// <summary>
/// The report of a run: one file that needs no other, no script and no network. It is built of elements, so that
/// whatever a name holds is text.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Writes the file, over one that is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, FleetRun run) => File.WriteAllText(path, Of(run));

    /// <summary>The file's text.</summary>
    public static string Of(FleetRun run)
    {
        var root = new XElement("html",
            new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta",
                    new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", $"{Words.Printable(run.Fleet.Name)}: a fleet of keys, simulated"),
                new XElement("style", ReportStyle.Css)),
            new XElement("body", new XElement("main",
                Head(run),
                Part("Over time"),
                new XElement("div", Class("cards"), Cards(ReportPlots.Of(run.Statistics))),
                Part("In numbers"),
                new XElement("div", Class("tables"), Figures.Of(run).Select(figures =>
                    new XElement("section", Class("card"), new XElement("h3", figures.Title), Table(figures)))),
                Part("What was run"),
                Text("This gives the same again, to the last step:"),
                new XElement("pre", Class("card"), Words.Printable(run.Command)),
                Text("The fleet, as a file that --fleet takes:"),
                new XElement("pre", Class("card"), Words.Printable(run.Fleet.ToJson())))));
        return $"<!DOCTYPE html>\n{root.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static IEnumerable<XElement> Head(FleetRun run)
    {
        var (fleet, statistics) = (run.Fleet, run.Statistics);
        yield return new("h1", Words.Printable(fleet.Name));
        if (fleet.About.Length > 0) yield return Text(Words.Printable(fleet.About));
        var last = fleet.Start.AddDays(fleet.Days - 1);
        yield return new("p", Class("quiet"), string.Create(CultureInfo.InvariantCulture,
            $"{Words.Date(fleet.Start)} to {Words.Date(last)} ({Words.Count(fleet.Days, "day")}), "
            + $"{Words.Count(fleet.Tenants, "tenant")}, {Words.Count(fleet.Keys, "key")}, "
            + $"{Words.Count(fleet.Nodes, "node")}, seed {fleet.Seed}. The service's own code ran all of it, "
            + $"{Words.Count(run.SpeedUp)} times faster than real time."));
        var early = statistics.Total(DeletedEarly);
        yield return new("div", Class("tiles"),
            Tile(Words.Count(statistics.Total(Created)), "keys created"),
            Tile(Words.Count(statistics.Total(Deleted)), "keys deleted"),
            Tile(Words.Count(early), "deleted before their date", early > 0),
            Tile(Latest(statistics.DeletionLateness), "the latest deletion after its date"),
            Tile(Words.Count(statistics.Total(CancelledInLastHour)), "cancelled in the last hour"),
            Tile(Words.Count(statistics.Total(Throttled)), "calls throttled"),
            Tile(Words.Count(statistics.Total(Unanswered)), "calls unanswered"),
            Tile(Words.Duration(run.Taken), "taken"));
    }

    private static string Latest(LatenessHistogram lateness) =>
        lateness.Count == 0 ? "–" : Words.Duration(lateness.Max);

    private static XElement Tile(string number, string what, bool isBad = false) =>
        new("div", Class(isBad ? "tile bad" : "tile"), new XElement("strong", number), what);

    /// <summary>The pictures, in pairs where there is room; and in the last card, of what there was nothing.</summary>
    private static IEnumerable<XElement> Cards(IReadOnlyList<Plot> plots)
    {
        foreach (var plot in plots.Where(plot => !plot.IsEmpty)) yield return Card(plot);
        var nothing = plots.Where(plot => plot.IsEmpty).ToArray();
        if (nothing.Length == 0) yield break;
        var isAlone = (plots.Count - nothing.Length) % 2 == 0;
        yield return new("section", Class(isAlone ? "card nothing whole" : "card nothing"),
            new XElement("h3", "Nothing to show"),
            nothing.Select(plot => new XElement("p", Class("note"), plot.Nothing)));
    }

    private static XElement Card(Plot plot)
    {
        var table = plot.Table();
        return new("section", Class("card"),
            new XElement("h3", plot.Title),
            Legend(plot),
            plot.Draw(),
            new XElement("p", Class("note"), plot.Note),
            new XElement("details",
                new XElement("summary", "As a table"), new XElement("p", Class("note"), table.Title), Table(table)));
    }

    private static XElement? Legend(Plot plot) => plot.Legend.Count == 0
        ? null
        : new("ul", Class("legend"), plot.Legend.Select(series => new XElement("li",
            new XElement("svg", new XAttribute("viewBox", "0 0 12 12"), new XAttribute("aria-hidden", "true"),
                new XElement("rect", new XAttribute("width", 12), new XAttribute("height", 12), Class(series.Fill))),
            series.Name)));
}
