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

    /// <summary>So many bytes, to be filled: pinned, so that the collector leaves no copies behind.</summary>
    public static SecretBytes OfLength(int length) =>
        new(GC.AllocateUninitializedArray<byte>(length, pinned: true));

    /// <summary>A pinned copy; the caller zeroes its own.</summary>
    internal static SecretBytes CopyOf(ReadOnlySpan<byte> secret)
    {
        SecretBytes copy = OfLength(secret.Length);
        secret.CopyTo(copy.Writable);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(value);
}
