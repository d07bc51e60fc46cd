using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// The root key, and the wrapping under it. A blob: format (1 byte), root key version (4, big-endian),
/// nonce (24), tag (16), ciphertext; its first five bytes are associated data, after what it is bound to. In format 1
/// what is inside is the thing itself; in format 2 it is wrapped by the root key of that version in the token, too.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class RootKey(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Bytes that a blob is longer than what it wraps.</summary>
    public const int Overhead = TagAt + IMessageCipher.TagSize;

    /// <summary>The format of what is in the clear under the root key.</summary>
    public const byte PlainFormat = 1;

    /// <summary>The format of what a token has wrapped.</summary>
    public const byte TokenFormat = 2;

    private const uint Version = 1;
    private const int HeaderSize = sizeof(byte) + sizeof(uint);
    private const int TagAt = HeaderSize + IMessageCipher.NonceSize;
    private const byte CheckLabel = (byte)'C';
    private const int CheckValueSize = 8;

    // An RSA-3072 private key in PKCS#8 takes some 1800 bytes.
    private const int MostPrivateKey = 2048;

    private readonly Xaes256Gcm _cipher = new(key);

    /// <summary>The version that wraps.</summary>
    public uint CurrentVersion { get; } = Version;

    /// <summary>Whether a blob is of <see cref="TokenFormat"/>, or says so.</summary>
    public static bool IsOfToken(ReadOnlySpan<byte> blob) => !blob.IsEmpty && blob[0] == TokenFormat;

    /// <summary>The version of the root key that a blob says it is wrapped by.</summary>
    /// <exception cref="CryptographicException">It is too short for a blob.</exception>
    public static uint VersionOf(ReadOnlySpan<byte> blob) => blob.Length >= Overhead
        ? BinaryPrimitives.ReadUInt32BigEndian(blob[sizeof(byte)..])
        : throw new CryptographicException("The wrapped blob is malformed.");

    /// <summary>Wraps <paramref name="plaintext"/> for <paramref name="boundTo"/> alone.</summary>
    public byte[] Wrap(byte[] boundTo, ReadOnlySpan<byte> plaintext) =>
        Wrap(boundTo, plaintext, PlainFormat, CurrentVersion);

    /// <summary>
    /// Wraps what the token has wrapped by its root key of <paramref name="version"/>, by that version too, though it
    /// may not be the current one any more.
    /// </summary>
    public byte[] WrapOfToken(byte[] boundTo, ReadOnlySpan<byte> wrapped, uint version) =>
        Wrap(boundTo, wrapped, TokenFormat, version);

    /// <summary>Wraps a pair's private key, PKCS#8, for <paramref name="boundTo"/> alone.</summary>
    public byte[] WrapPrivateKey(byte[] boundTo, AsymmetricAlgorithm pair)
    {
        Span<byte> privateKey = stackalloc byte[MostPrivateKey];
        try
        {
            return pair.TryExportPkcs8PrivateKey(privateKey, out int length)
                ? Wrap(boundTo, privateKey[..length])
                : throw new CryptographicException("The private key is too long.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    /// <summary>Opens what was wrapped for <paramref name="boundTo"/>; the caller disposes it.</summary>
    /// <exception cref="CryptographicException">
    /// The blob is damaged, was wrapped for something else, or under another root key.
    /// </exception>
    /// <exception cref="HsaUnavailableException">It is good, and a token has wrapped what is inside.</exception>
    public SecretBytes Unwrap(byte[] boundTo, ReadOnlySpan<byte> blob)
    {
        if (!IsOfToken(blob))
            return Unwrap(boundTo, blob, PlainFormat);
        UnwrapOfToken(boundTo, blob).Dispose();
        throw new HsaUnavailableException("The key is in a hardware module, and there is none.");
    }

    /// <summary>Opens what <see cref="WrapOfToken"/> wrapped: what is inside is for the token.</summary>
    /// <exception cref="CryptographicException">As of <see cref="Unwrap(byte[], ReadOnlySpan{byte})"/>.</exception>
    public SecretBytes UnwrapOfToken(byte[] boundTo, ReadOnlySpan<byte> blob) => Unwrap(boundTo, blob, TokenFormat);

    /// <summary>16 hexadecimal digits that tell root keys apart, and nothing else about them.</summary>
    public string CheckValue()
    {
        Span<byte> derived = stackalloc byte[Xaes256Gcm.KeySize];
        Span<byte> context = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Domain.RootKeyCheck(), context);
        _cipher.Derive(CheckLabel, context[..IMessageCipher.ContextSize], derived);
        return Convert.ToHexStringLower(derived[..CheckValueSize]);
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    private byte[] Wrap(byte[] boundTo, ReadOnlySpan<byte> plaintext, byte format, uint version)
    {
        byte[] blob = new byte[Overhead + plaintext.Length];
        blob[0] = format;
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(sizeof(byte)), version);
        RandomNumberGenerator.Fill(blob.AsSpan(HeaderSize, IMessageCipher.NonceSize));
        _cipher.Encrypt(
            blob.AsSpan(HeaderSize, IMessageCipher.NonceSize),
            plaintext,
            blob.AsSpan(Overhead),
            blob.AsSpan(TagAt, IMessageCipher.TagSize),
            [.. boundTo, .. blob.AsSpan(0, HeaderSize)]);
        return blob;
    }

    private SecretBytes Unwrap(byte[] boundTo, ReadOnlySpan<byte> blob, byte format)
    {
        if (blob.Length < Overhead || blob[0] != format)
            throw new CryptographicException("The wrapped blob is malformed.");
        uint version = BinaryPrimitives.ReadUInt32BigEndian(blob[sizeof(byte)..]);
        if (version != Version)
            throw new CryptographicException($"The wrapped blob asks for root key version {version}.");

        SecretBytes plaintext = SecretBytes.OfLength(blob.Length - Overhead);
        bool good = _cipher.TryDecrypt(
            blob.Slice(HeaderSize, IMessageCipher.NonceSize),
            blob[Overhead..],
            blob.Slice(TagAt, IMessageCipher.TagSize),
            plaintext.Writable,
            [.. boundTo, .. blob[..HeaderSize]]);
        return good
            ? plaintext
            : throw new CryptographicException("The wrapped blob is damaged or bound to something else.");
    }
}
