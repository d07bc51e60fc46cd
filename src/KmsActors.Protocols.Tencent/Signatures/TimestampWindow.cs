namespace KmsActors.Protocols.Tencent;

/// <summary>
/// How far a request's time may be from ours: 5 minutes either way, the edge included, as of the platform's next
/// version; of this one no document says it.
/// </summary>
internal static class TimestampWindow
{
    public static readonly TimeSpan HalfWidth = TimeSpan.FromMinutes(5);

    /// <summary>Whether a request of this time may be served now.</summary>
    public static bool Contains(DateTimeOffset timestamp, TimeProvider time) =>
        (time.GetUtcNow() - timestamp).Duration() <= HalfWidth;
}
