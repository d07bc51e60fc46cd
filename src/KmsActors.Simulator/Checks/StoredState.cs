using System.Text.Json;

namespace KmsActors.Simulator;

/// <summary>Reads parts of stored states, which are not there where there is nothing to say.</summary>
internal static class StoredState
{
    /// <summary>A text, or null.</summary>
    public static string? TextOf(this JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>A time, or null.</summary>
    public static DateTimeOffset? TimeOf(this JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;

    /// <summary>A list's items; none without it.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var items) ? items.EnumerateArray() : [];

    /// <summary>A list's texts; none without it.</summary>
    public static IReadOnlyList<string> TextsOf(this JsonElement stored, string name) =>
        [.. stored.ItemsOf(name).Select(item => item.GetString()!)];

    /// <summary>What is in an object; nothing without it.</summary>
    public static IEnumerable<JsonProperty> PropertiesOf(this JsonElement stored, string name) =>
        stored.TryGetProperty(name, out var value) ? value.EnumerateObject() : [];

    /// <summary>An object's texts; none without it.</summary>
    public static IReadOnlyList<string> ValuesOf(this JsonElement stored, string name) =>
        [.. stored.PropertiesOf(name).Select(property => property.Value.GetString()!)];
}
