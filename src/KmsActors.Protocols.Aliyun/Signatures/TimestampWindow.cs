using System.Globalization;

namespace KmsActors.Protocols.Aliyun;

/// <summary>How far a request's time may be from ours: 15 minutes either way, the edge included.</summary>
internal static class TimestampWindow
{
    public static readonly TimeSpan HalfWidth = TimeSpan.FromMinutes(15);

    /// <summary>An error for a request from outside the window, or null.</summary>
    public static AliyunError? Check(DateTimeOffset timestamp, TimeProvider time) =>
        (time.GetUtcNow() - timestamp).Duration() <= HalfWidth ? null : AliyunErrors.IllegalTimestamp;

    /// <summary>Reads the form of seed 001, 1.3: yyyy-MM-ddTHH:mm:ssZ, exactly.</summary>
    public static bool TryParse(string text, out DateTimeOffset timestamp) => DateTimeOffset.TryParseExact(
        text,
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal,
        out timestamp);
}
