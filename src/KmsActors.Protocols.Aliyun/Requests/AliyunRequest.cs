using System.Diagnostics.CodeAnalysis;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// A well-formed request that nobody has authenticated yet. Holds rented memory: to be disposed when the
/// answer is made. Not for two threads at once.
/// </summary>
internal sealed class AliyunRequest : IDisposable
{
    public required string Method { get; init; }

    public required string Action { get; init; }

    public required string AccessKeyId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Null if the client sent none: seed 001, 1.3 does not know it.</summary>
    public required string? Nonce { get; init; }

    /// <summary>What an ACS3 signature speaks about; null for an RPC signature.</summary>
    public Acs3Signed? Acs3 { get; init; }

    /// <summary>True for SignatureMethod HMAC-SHA256 of an RPC signature.</summary>
    public bool IsRpcSha256 { get; init; }

    /// <summary>All parameters of query and body, the common ones included.</summary>
    public required Parameters Parameters { get; init; }

    /// <inheritdoc cref="Parameters.this"/>
    public string? this[string name] => Parameters[name];

    /// <inheritdoc cref="Parameters.TryGet"/>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value) =>
        Parameters.TryGet(name, out value);

    /// <inheritdoc cref="Parameters.TryGetUtf8"/>
    public bool TryGetUtf8(string name, out ReadOnlySpan<byte> value) =>
        Parameters.TryGetUtf8(name, out value);

    /// <inheritdoc cref="Parameters.StartingWith"/>
    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) =>
        Parameters.StartingWith(prefix);

    /// <summary>True if whoever holds <paramref name="secret"/> has signed it, by either scheme.</summary>
    public bool IsSignedWith(ReadOnlySpan<byte> secret) =>
        Acs3 is null ? RpcSignature.Matches(this, secret) : Acs3Signature.Matches(this, secret);

    public void Dispose() => Parameters.Dispose();
}
