using System.Buffers.Binary;
using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// A key as it is kept outside the token: kind (1 byte), id of the token's root key that wraps it (8), length of the
/// open part (2, big-endian), the open part, what the token has wrapped. It is itself wrapped by the root key of the
/// appliance, which says for whom it is and by which version of the token's root key it is wrapped.
/// </summary>
/// <param name="RootVersion">The version of the token's root key.</param>
/// <param name="Kind">What it is.</param>
/// <param name="RootId">8 bytes that tell root keys of one version apart.</param>
/// <param name="Open">
/// What is to be known without the token: a pair's public key, SubjectPublicKeyInfo; an AES key's constant of
/// XAES-256-GCM, K1, which tells nothing of the key.
/// </param>
/// <param name="Wrapped">By CKM_AES_KEY_WRAP_PAD (RFC 5649).</param>
internal sealed record TokenBlob(uint RootVersion, TokenKeyType Kind, byte[] RootId, byte[] Open, byte[] Wrapped)
{
    /// <summary>Bytes of a root key's id.</summary>
    public const int RootIdSize = 8;

    private const int OpenLengthAt = sizeof(byte) + RootIdSize;
    private const int HeaderSize = OpenLengthAt + sizeof(ushort);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; the root key has seen to it that nobody else did.</summary>
    /// <exception cref="CryptographicException">It did not write that.</exception>
    public static TokenBlob Read(uint rootVersion, ReadOnlySpan<byte> bytes)
    {
        int openLength = bytes.Length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[OpenLengthAt..]);
        TokenKeyType kind = bytes.IsEmpty ? default : (TokenKeyType)bytes[0];
        if (bytes.Length <= HeaderSize + openLength || !Enum.IsDefined(kind))
            throw new CryptographicException("What the token has wrapped is malformed.");
        return new TokenBlob(
            rootVersion,
            kind,
            bytes.Slice(sizeof(byte), RootIdSize).ToArray(),
            bytes.Slice(HeaderSize, openLength).ToArray(),
            bytes[(HeaderSize + openLength)..].ToArray());
    }

    /// <summary>All but the version, which stands outside.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderSize + Open.Length + Wrapped.Length];
        bytes[0] = (byte)Kind;
        RootId.CopyTo(bytes, sizeof(byte));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(OpenLengthAt), checked((ushort)Open.Length));
        Open.CopyTo(bytes, HeaderSize);
        Wrapped.CopyTo(bytes, HeaderSize + Open.Length);
        return bytes;
    }
}
