using System.Buffers;
using System.Text.Json;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The JSON in which tags come, within the bounds of seed 001, 4.19 and 4.20.</summary>
internal static class TagText
{
    /// <summary>The most characters of the JSON.</summary>
    public const int LongestJson = 16 * 1024;

    private const int LongestKey = 128;
    private const int LongestValue = 256;
    private const int MostEntries = 32;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.+=@:");

    /// <summary><c>[{"TagKey":"…","TagValue":"…"}]</c>, each key once; null for anything else.</summary>
    public static List<KeyValuePair<string, string>>? ParseTags(string json)
    {
        var tags = new Dictionary<string, string>();
        var good = JsonArrayText.TryRead(json, 2, 1, MostEntries, element =>
            JsonArrayText.IsObject(element, 2)
            && JsonArrayText.String(element, "TagKey") is { } key
            && JsonArrayText.String(element, "TagValue") is { } value
            && IsTagKey(key)
            && value.Length <= LongestValue
            && !value.AsSpan().ContainsAnyExcept(Allowed)
            && tags.TryAdd(key, value));
        return good ? [.. tags] : null;
    }

    /// <summary><c>["…","…"]</c>; null for anything else.</summary>
    public static List<string>? ParseTagKeys(string json)
    {
        var keys = new List<string>();
        var good = JsonArrayText.TryRead(json, 2, 1, MostEntries, element =>
        {
            if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } key) return false;
            keys.Add(key);
            return IsTagKey(key);
        });
        return good ? keys : null;
    }

    private static bool IsTagKey(string key) =>
        key.Length is >= 1 and <= LongestKey && !key.AsSpan().ContainsAnyExcept(Allowed);
}
