using System.Globalization;

namespace KmsActors.Protocols.Huawei;

/// <summary>How far a request's X-Sdk-Date may be from our time: 15 minutes either way, the edge included.</summary>
internal static class TimestampWindow
{
    public static readonly TimeSpan HalfWidth = TimeSpan.FromMinutes(15);

    /// <summary>Whether the text is a time, yyyyMMddTHHmmssZ exactly, and within the window.</summary>
    public static bool Contains(string? text, TimeProvider time) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var timestamp)
        && (time.GetUtcNow() - timestamp).Duration() <= HalfWidth;
}
