using System.Globalization;
using System.Xml.Linq;

namespace KmsActors.Simulator;

/// <summary>The few elements of SVG that plots are drawn with. Lengths are in the units of the view box.</summary>
internal static class Svg
{
    /// <summary>The height of all letters.</summary>
    public const double FontSize = 14;

    // Wide letters, as of DejaVu and Verdana: no browser's standard font has wider digits.
    private const double WidthOfALetter = 0.64 * FontSize;

    /// <summary>The most room that a text takes.</summary>
    public static double WidthOf(string text) => text.Length * WidthOfALetter;

    /// <summary>A picture that scales with its container.</summary>
    public static XElement Picture(double width, double height, string label, params object[] content) =>
        new("svg",
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", label),
            content);

    /// <summary>A text that is put at a point: <c>start</c>, <c>middle</c> or <c>end</c> of it.</summary>
    public static XElement Text(double x, double y, string anchor, string text) =>
        new("text", At("x", x), At("y", y), new XAttribute("text-anchor", anchor), text);

    /// <summary>A line of the grid, which is level or upright.</summary>
    public static XElement GridLine(double x1, double y1, double x2, double y2) =>
        new("line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    /// <summary>A filled rectangle that says what it is when it is pointed at.</summary>
    public static XElement Bar(double x, double y, double width, double height, string fill, string hint) =>
        new("rect", At("x", x), At("y", y), At("width", width), At("height", height),
            new XAttribute("class", fill), new XElement("title", hint));

    /// <summary>A line or an area, as path data has it.</summary>
    public static XElement Path(string data, string look) =>
        new("path", new XAttribute("d", data), new XAttribute("class", look));

    /// <summary>A number in an attribute: two decimals at most.</summary>
    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static XAttribute At(string name, double value) => new(name, Number(value));
}
