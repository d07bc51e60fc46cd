using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>A secret in the clear, zeroed when disposed. Says nothing of itself in ToString.</summary>
public sealed class SecretBytes(byte[] value) : IDisposable
{
    /// <summary>The secret. Do not keep the span beyond this object's life.</summary>
    public ReadOnlySpan<byte> Span => value;

    /// <summary>The secret, to be filled by whoever made it.</summary>
    public Span<byte> Writable => value;

    /// <summary>The secret, for use across an await. The same rule.</summary>
    public ReadOnlyMemory<byte> Memory => value;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(value);
}
