using Spectre.Console;

namespace KmsActors.Simulator;

/// <summary>What a run came to, in a terminal.</summary>
internal static class Summary
{
    /// <summary>Writes a few tables, beside each other where there is room, and where the report is.</summary>
    public static void Write(Screen screen, FleetRun run, string reportPath)
    {
        var console = screen.Ansi();
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{Words.Printable(run.Fleet.Name)}[/]");
        console.WriteLine(
            $"{Words.Count(run.Fleet.Tenants, "tenant")}, {Words.Count(run.Fleet.Keys, "key")}, "
            + $"{Words.Count(run.Fleet.Days, "day")} from {Words.Date(run.Fleet.Start)}, "
            + $"{Words.Count(run.Fleet.Nodes, "node")}, seed {run.Fleet.Seed}");
        console.WriteLine();
        console.Write(new Columns(Figures.Of(run).Select(TableOf)) { Expand = false });
        // Not wrapped, so that it can be clicked or copied.
        screen.Writer.WriteLine($"Report: {reportPath}");
    }

    private static Table TableOf(FigureTable figures)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = figures.Columns.Count > 0 };
        table.Title = new TableTitle(Markup.Escape(figures.Title));
        for (var column = 0; column < figures.Rows[0].Count; column++)
        {
            var head = figures.Columns.Count > 0 ? figures.Columns[column] : "";
            table.AddColumn(new TableColumn(Markup.Escape(head))
            {
                Alignment = column == 0 ? Justify.Left : Justify.Right,
                NoWrap = true,
            });
        }

        foreach (var row in figures.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }
}
