using System.Globalization;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>Numbers, times and states as people read them.</summary>
internal static class Words
{
    /// <summary>1,234,567</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1,234,567; rounded, and never too large for a number.</summary>
    public static string Count(double count) => Math.Round(count).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>2027-03-09</summary>
    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>0 s, 12 ms, 1.25 s, 3 min 20 s, 2 h 5 min, 3 d 4 h: two units at most.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0 s",
        { TotalMilliseconds: < 1 } => "under 1 ms",
        { TotalSeconds: < 0.9995 } => Number(duration.TotalMilliseconds, "0 ms"),
        // Rounded down: up, 59.999 s would make 60 s.
        { TotalSeconds: < 60 } => Number(Math.Floor(duration.TotalSeconds * 100) / 100, "0.## s"),
        { TotalHours: < 1 } => Two(duration.Minutes, "min", duration.Seconds, "s"),
        { TotalDays: < 1 } => Two(duration.Hours, "h", duration.Minutes, "min"),
        _ => Two(duration.Days, "d", duration.Hours, "h"),
    };

    /// <summary>A count of one thing or of several: 1 node, 3 nodes.</summary>
    public static string Count(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>A state's name for people.</summary>
    public static string State(KeyState state) => state switch
    {
        KeyState.PendingDeletion => "Pending deletion",
        KeyState.PendingImport => "Pending import",
        _ => state.ToString(),
    };

    /// <summary>
    /// A text from outside without what neither a terminal nor a document should get: control characters other than the
    /// end of a line, halves of pairs, and what is no letter.
    /// </summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isNone = rune.Value is 0xFFFE or 0xFFFF || (Rune.IsControl(rune) && rune.Value != '\n');
            printable.Append((isNone ? Rune.ReplacementChar : rune).ToString());
        }

        return printable.ToString();
    }

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
