using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// A well-formed request that nobody has authenticated yet. Holds rented memory: to be disposed when the
/// answer is made. Not for two threads at once.
/// </summary>
internal sealed class TencentRequest : IDisposable
{
    /// <summary>GET or POST.</summary>
    public required string Method { get; init; }

    /// <summary>The host as the client named it, with the port if it did.</summary>
    public required string Host { get; init; }

    public required string Action { get; init; }

    public required string SecretId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>In Base64.</summary>
    public required string Signature { get; init; }

    /// <summary>True for SignatureMethod HmacSHA256.</summary>
    public required bool IsSha256 { get; init; }

    /// <summary>All parameters, the common ones included.</summary>
    public required Parameters Parameters { get; init; }

    public void Dispose() => Parameters.Dispose();
}
