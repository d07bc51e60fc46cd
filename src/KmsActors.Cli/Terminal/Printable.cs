using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace KmsActors.Cli;

/// <summary>Text of others' making on a terminal: it may not steer it.</summary>
internal static class Printable
{
    /// <summary>The text on one line, with U+FFFD for what would not be seen or would do something.</summary>
    public static string Of(string text) => text.Any(Steers)
        ? string.Concat(text.Select(each => Steers(each) ? '\uFFFD' : each))
        : text;

    /// <summary>The same JSON, with escapes for what would not be seen or would do something.</summary>
    public static string OfJson(string json) =>
        string.Concat(json.Select(each => Steers(each) && each != '\n' ? $"\\u{(int)each:x4}" : $"{each}"));

    /// <summary>Whether the bytes are text that a terminal only shows.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes)
        && !Encoding.UTF8.GetString(bytes).Any(each => Steers(each) && each is not ('\n' or '\t' or '\r'));

    /// <summary>A member as a cell of a table; times to the second.</summary>
    public static string Shown(this JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out var value)) return "";
        return value.ValueKind == JsonValueKind.String && IsOfTime(name) && value.TryGetDateTimeOffset(out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : value.Shown();
    }

    /// <summary>A value as a cell of a table: lists joined, nothing for null.</summary>
    public static string Shown(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Shown)),
        _ => value.GetRawText(),
    };

    private static bool IsOfTime(string name) =>
        name.EndsWith("At", StringComparison.Ordinal) || name.EndsWith("Until", StringComparison.Ordinal)
        || name.EndsWith("Date", StringComparison.OrdinalIgnoreCase);

    // Control characters, and those that turn or hide others.
    private static bool Steers(char each) =>
        char.GetUnicodeCategory(each) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
