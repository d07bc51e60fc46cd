using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// A version of the root key, and the wrapping under it. A blob: format (1 byte), root key version (4, big-endian),
/// nonce (24), tag (16), ciphertext; its first five bytes are associated data, after what it is bound to. In format 1
/// what is inside is the thing itself; in format 2 it is wrapped by the root key of that version in the token, too.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
/// <param name="version">From 1 on.</param>
/// <param name="cipher">Of the key; its owner from now on is this.</param>
internal sealed class RootKey(uint version, IMessageCipher cipher) : IDisposable
{
    /// <summary>Bytes that a blob is longer than what it wraps.</summary>
    public const int Overhead = TagAt + IMessageCipher.TagSize;

    /// <summary>The format of what is in the clear under the root key.</summary>
    public const byte PlainFormat = 1;

    /// <summary>The format of what a token has wrapped.</summary>
    public const byte TokenFormat = 2;

    private const int HeaderSize = sizeof(byte) + sizeof(uint);
    private const int TagAt = HeaderSize + IMessageCipher.NonceSize;
    private const byte CheckLabel = (byte)'C';
    private const int CheckValueSize = 8;

    /// <summary>Its number.</summary>
    public uint Version => version;

    /// <summary>Whether a blob is of <see cref="TokenFormat"/>, or says so.</summary>
    public static bool IsOfToken(ReadOnlySpan<byte> blob) => !blob.IsEmpty && blob[0] == TokenFormat;

    /// <summary>The version of the root key that a blob says it is wrapped by.</summary>
    /// <exception cref="CryptographicException">It is too short for a blob.</exception>
    public static uint VersionOf(ReadOnlySpan<byte> blob) => blob.Length >= Overhead
        ? BinaryPrimitives.ReadUInt32BigEndian(blob[sizeof(byte)..])
        : throw new CryptographicException("The wrapped blob is malformed.");

    /// <summary>Wraps <paramref name="plaintext"/> for <paramref name="boundTo"/> alone.</summary>
    public byte[] Wrap(byte[] boundTo, ReadOnlySpan<byte> plaintext, byte format = PlainFormat)
    {
        byte[] blob = new byte[Overhead + plaintext.Length];
        blob[0] = format;
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
    public SecretBytes Unwrap(byte[] boundTo, ReadOnlySpan<byte> blob, byte format = PlainFormat)
    {
        if (VersionOf(blob) != version || blob[0] != format)
            throw new CryptographicException("The wrapped blob is of another version or format.");
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
