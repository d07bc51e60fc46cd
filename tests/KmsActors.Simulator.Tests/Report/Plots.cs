using System.Globalization;
using System.Xml.Linq;

namespace KmsActors.Simulator.Tests;

/// <summary>What a drawn plot takes, by arithmetic.</summary>
internal static class Plots
{
    /// <summary>Where a text begins and ends. 0.64 of its height is what the widest of the usual fonts has for a digit.</summary>
    public static (double Begin, double End) Extent(XElement text)
    {
        var (x, width) = (Number(text, "x"), text.Value.Length * 14 * 0.64);
        return text.Attribute("text-anchor")!.Value switch
        {
            "start" => (x, x + width),
            "middle" => (x - (width / 2), x + (width / 2)),
            _ => (x - width, x),
        };
    }

    public static double Number(XElement shape, string name) => double.Parse(shape.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The labels of one axis of a picture: <c>days</c> or <c>counts</c>.</summary>
    public static XElement[] Labels(XElement picture, string axis) =>
        [.. picture.Elements("g").Single(each => each.Attribute("class")!.Value == axis).Elements("text")];
}
