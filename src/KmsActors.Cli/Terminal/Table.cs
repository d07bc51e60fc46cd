using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KmsActors.Cli;

/// <summary>Rows as text: in a box with colours on a terminal, elsewhere plain columns with tabs between.</summary>
internal static class Table
{
    /// <summary>Renders rows of as many cells as there are titles; without titles, names and values.</summary>
    public static string Render(Shell shell, string[]? titles, IEnumerable<string[]> rows)
    {
        var cells = rows.Select(row => row.Select(Printable.Of).ToArray()).ToList();
        return shell.IsOutputTerminal && shell.IsColourful
            ? Boxed(shell, titles, cells)
            : Plain(titles is null ? cells : [titles, .. cells]);
    }

    // Aligned for the eye; a tab ends each column but the last, for cut.
    private static string Plain(List<string[]> rows)
    {
        if (rows.Count == 0) return "";
        var widths = rows[0].Select((_, column) => rows.Max(row => Width(row[column]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var isLast = column == row.Length - 1;
                text.Append(row[column]);
                if (!isLast) text.Append(' ', widths[column] - Width(row[column])).Append('\t');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Boxed(Shell shell, string[]? titles, List<string[]> rows)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded, ShowHeaders = titles is not null };
        foreach (var title in titles ?? ["", ""])
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))));
        // An id in two lines cannot be copied.
        table.Columns[0].NoWrap = true;
        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, column) => (IRenderable)new Text(
                cell, titles is null && column == 0 ? new Style(Color.Teal) : Style.Plain)));
        }

        using var text = new StringWriter();
        Ansi.On(text, shell.Width).Write(table);
        return text.ToString();
    }

    private static int Width(string text) => new Segment(text).CellCount();
}
