using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// A version of the root key, and the wrapping under it. A blob: format (1 byte), root key version (4, big-endian),
/// nonce (24), tag (16), ciphertext; its first five bytes are associated data, after what it is bound to.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
/// <param name="version">From 1 on.</param>
/// <param name="cipher">Of the key; its owner from now on is this.</param>
internal sealed class RootKey(uint version, IMessageCipher cipher) : IDisposable
{
    /// <summary>Bytes that a blob is longer than what it wraps.</summary>
    public const int Overhead = TagAt + IMessageCipher.TagSize;

    private const byte Format = 1;
    private const int HeaderSize = sizeof(byte) + sizeof(uint);
    private const int TagAt = HeaderSize + IMessageCipher.NonceSize;
    private const byte CheckLabel = (byte)'C';
    private const int CheckValueSize = 8;

    /// <summary>Its number.</summary>
    public uint Version => version;

    /// <summary>The version that a blob asks for.</summary>
    /// <exception cref="CryptographicException">It is no blob.</exception>
    public static uint VersionOf(ReadOnlySpan<byte> blob) => blob.Length >= Overhead && blob[0] == Format
        ? BinaryPrimitives.ReadUInt32BigEndian(blob[sizeof(byte)..])
        : throw new CryptographicException("The wrapped blob is malformed.");

    /// <summary>Wraps <paramref name="plaintext"/> for <paramref name="boundTo"/> alone.</summary>
    public byte[] Wrap(byte[] boundTo, ReadOnlySpan<byte> plaintext)
    {
        byte[] blob = new byte[Overhead + plaintext.Length];
        blob[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(sizeof(byte)), version);
        RandomNumberGenerator.Fill(blob.AsSpan(HeaderSize, IMessageCipher.NonceSize));
        cipher.Encrypt(
            blob.AsSpan(HeaderSize, IMessageCipher.NonceSize),
            plaintext,
            blob.AsSpan(Overhead),
            blob.AsSpan(TagAt, IMessageCipher.TagSize),
            [.. boundTo, .. blob.AsSpan(0, HeaderSize)]);
        return blob;
    }

    /// <summary>
    /// Opens what was wrapped for <paramref name="boundTo"/> under this version; the caller disposes it.
    /// </summary>
    /// <exception cref="CryptographicException">
    /// The blob is damaged, was wrapped for something else, or under another root key.
    /// </exception>
    public SecretBytes Unwrap(byte[] boundTo, ReadOnlySpan<byte> blob)
    {
        if (VersionOf(blob) != version) throw new CryptographicException("The wrapped blob is of another version.");
        SecretBytes plaintext = SecretBytes.OfLength(blob.Length - Overhead);
        bool good = cipher.TryDecrypt(
            blob.Slice(HeaderSize, IMessageCipher.NonceSize),
            blob[Overhead..],
            blob.Slice(TagAt, IMessageCipher.TagSize),
            plaintext.Writable,
            [.. boundTo, .. blob[..HeaderSize]]);
        return good
            ? plaintext
            : throw new CryptographicException("The wrapped blob is damaged or bound to something else.");
    }

    /// <summary>16 hexadecimal digits that tell root keys apart, and nothing else about them.</summary>
    public string CheckValue()
    {
        Span<byte> derived = stackalloc byte[Xaes256Gcm.KeySize];
        Span<byte> context = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Domain.RootKeyCheck(), context);
        cipher.Derive(CheckLabel, context[..IMessageCipher.ContextSize], derived);
        return Convert.ToHexStringLower(derived[..CheckValueSize]);
    }

    /// <inheritdoc/>
    public void Dispose() => cipher.Dispose();
}
