using System.Buffers.Binary;
using System.Text;

namespace KmsActors.Hsa;

/// <summary>
/// What a hash or a wrapping is bound to, as bytes: a label, then fields, each after its length, so that
/// no two different lists of fields and no two purposes ever encode alike.
/// </summary>
internal static class Domain
{
    // Throws rather than replaces: two different malformed strings must not encode alike.
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The envelope's account binding.</summary>
    public static byte[] Account(string account) => Encode("KmsActors envelope account 1", account);

    /// <summary>
    /// The wrapping of a key version's material. The type is a field, so that no blob opens as another type's;
    /// but not AES-256, whose blobs are older than the field and are told from the others by lacking it.
    /// </summary>
    /// <exception cref="ArgumentException">An id is not a lower-case UUID, or the type is none.</exception>
    public static byte[] KeyMaterial(KeyBinding binding)
    {
        Uuid.Parse(binding.KeyId);
        Uuid.Parse(binding.VersionId);
        string[] fields = [binding.Account, binding.KeyId, binding.VersionId];
        return Encode(
            "KmsActors key material 1",
            binding.Type == KeyType.Aes256 ? fields : [.. fields, StoredName(binding.Type)]);
    }

    /// <summary>The wrapping of an import's RSA private key.</summary>
    public static byte[] ImportPrivateKey(string account, string tokenName) =>
        Encode("KmsActors import private key 1", account, tokenName);

    /// <summary>The wrapping of an import's SM2 pair.</summary>
    public static byte[] ImportSm2Pair(string account, string tokenName) =>
        Encode("KmsActors import SM2 pair 1", account, tokenName);

    /// <summary>The wrapping of the private key of an import by this algorithm.</summary>
    public static byte[] ImportKey(string account, string tokenName, ImportWrapping algorithm) =>
        algorithm == ImportWrapping.Sm2Pke ? ImportSm2Pair(account, tokenName) : ImportPrivateKey(account, tokenName);

    /// <summary>The wrapping of a secret.</summary>
    public static byte[] Secret(string owner) => Encode("KmsActors secret 1", owner);

    /// <summary>The fingerprint of imported material.</summary>
    public static byte[] Fingerprint(string account, string keyId) =>
        Encode("KmsActors material fingerprint 1", account, keyId);

    /// <summary>The check value of the root key, when there was but one.</summary>
    public static byte[] RootKeyCheck() => Encode("KmsActors root key check 1");

    /// <summary>The sealing of a version of the root key.</summary>
    public static byte[] RootKeyVersion() => Encode("KmsActors root key version 1");

    // Blobs depend on these: the members of the enumeration may be renamed, they may not.
    private static string StoredName(KeyType type) => type switch
    {
        KeyType.Sm4 => "SM4",
        KeyType.Rsa2048 => "RSA-2048",
        KeyType.Rsa3072 => "RSA-3072",
        KeyType.EcP256 => "P-256",
        KeyType.EcP256K => "secp256k1",
        KeyType.EcSm2 => "SM2",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static byte[] Encode(string label, params ReadOnlySpan<string> fields)
    {
        int length = sizeof(int) + Utf8.GetByteCount(label);
        foreach (string field in fields)
            length += sizeof(int) + Utf8.GetByteCount(field);
        byte[] encoded = new byte[length];
        Span<byte> rest = Append(encoded, label);
        foreach (string field in fields)
            rest = Append(rest, field);
        return encoded;
    }

    private static Span<byte> Append(Span<byte> destination, string field)
    {
        int length = Utf8.GetBytes(field, destination[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(destination, length);
        return destination[(sizeof(int) + length)..];
    }
}
