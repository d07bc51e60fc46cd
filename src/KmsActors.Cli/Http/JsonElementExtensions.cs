using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>Reading answers leniently: a client shows what is there.</summary>
internal static class JsonElementExtensions
{
    /// <summary>A member that is a string, or null.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A member that has to be there.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static string Required(this JsonElement element, string name) => element.Text(name) ?? throw Lacks(name);

    /// <summary>A member that has to be there, of any kind.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value
            : throw Lacks(name);

    /// <summary>A member that has to be there, in Base64.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static byte[] Bytes(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text && text.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw Lacks(name);

    /// <summary>The elements of an array that has to be there.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : throw Lacks(name);

    private static CliException Lacks(string name) =>
        new(ExitCode.Unreachable, $"The service's answer has no {name}.");
}
