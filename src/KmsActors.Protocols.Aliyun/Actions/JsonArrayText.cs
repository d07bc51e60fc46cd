using System.Text.Json;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Reading the JSON arrays that some parameters are.</summary>
internal static class JsonArrayText
{
    /// <summary>
    /// Whether the text is an array of <paramref name="least"/> to <paramref name="most"/> elements, nested
    /// no deeper than <paramref name="depth"/>, and <paramref name="read"/> takes each of them.
    /// </summary>
    public static bool TryRead(string json, int depth, int least, int most, Func<JsonElement, bool> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = depth });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array
                && root.GetArrayLength() >= least
                && root.GetArrayLength() <= most
                && root.EnumerateArray().All(read);
        }
        catch (Exception malformed) when (malformed
            is JsonException or InvalidOperationException or ArgumentException)
        {
            // The last two are the reader's words for half a surrogate pair, escaped and as it stands.
            return false;
        }
    }

    /// <summary>Whether the element is an object of exactly <paramref name="properties"/> properties.</summary>
    public static bool IsObject(JsonElement element, int properties) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().Count() == properties;

    /// <summary>A property that is a string, or null.</summary>
    public static string? String(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
