using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>The few elements of HTML that recur.</summary>
internal static class Html
{
    /// <summary>The classes of an element.</summary>
    public static XAttribute Class(string names) => new("class", names);

    /// <summary>A paragraph.</summary>
    public static XElement Text(string text) => new("p", text);

    /// <summary>The heading of a part.</summary>
    public static XElement Part(string title) => new("h2", title);

    /// <summary>A table that scrolls by itself when it is too wide.</summary>
    public static XElement Table(FigureTable figures) => new("div", Class("scroll"), new XElement("table",
        figures.Columns.Count == 0
            ? null
            : new XElement("thead", new XElement("tr", figures.Columns.Select(head => new XElement("th", head)))),
        new XElement("tbody", figures.Rows.Select(row =>
            new XElement("tr", row.Select(cell => new XElement("td", cell)))))));
}
