namespace KmsActors.Hsa;

/// <summary>What a key's material is, and thereby which algorithms it has.</summary>
public enum KeyType
{
    /// <summary>A symmetric key of 256 bits, for XAES-256-GCM.</summary>
    Aes256,

    /// <summary>A symmetric key of 128 bits, for SM4-GCM.</summary>
    Sm4,

    /// <summary>An RSA pair of 2048 bits.</summary>
    Rsa2048,

    /// <summary>An RSA pair of 3072 bits.</summary>
    Rsa3072,

    /// <summary>A pair on NIST P-256.</summary>
    EcP256,

    /// <summary>A pair on secp256k1.</summary>
    EcP256K,

    /// <summary>A pair on the curve of GB/T 32918.5.</summary>
    EcSm2,
}

/// <summary>How a public key encrypts.</summary>
public enum EncryptionAlgorithm
{
    /// <summary>RSAES-OAEP with SHA-1 and MGF1 with SHA-1.</summary>
    OaepSha1,

    /// <summary>RSAES-OAEP with SHA-256 and MGF1 with SHA-256.</summary>
    OaepSha256,

    /// <summary>SM2 of GB/T 32918.4: 04, C1, C3, C2.</summary>
    Sm2Pke,
}

/// <summary>How a private key signs a digest of 32 bytes.</summary>
public enum SignatureAlgorithm
{
    /// <summary>RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.</summary>
    RsaPssSha256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RsaPkcs1Sha256,

    /// <summary>ECDSA; the signature is DER.</summary>
    EcdsaSha256,

    /// <summary>SM2 of GB/T 32918.2; the signature is DER, the digest SM3 over Z and the message.</summary>
    Sm2Dsa,
}

/// <summary>Which type of key has which algorithms, and how much they take.</summary>
public static class KeyTypes
{
    /// <summary>Bytes of every digest that is signed.</summary>
    public const int DigestSize = 32;

    /// <summary>The longest ciphertext of a public key, in bytes: SM2's.</summary>
    public const int MostCiphertext = 6144;

    /// <summary>The longest signature, in bytes: that of RSA-3072.</summary>
    public const int MostSignature = 384;

    private const int Sm2Overhead = 97;

    /// <summary>Whether it is one key rather than a pair.</summary>
    public static bool IsSymmetric(this KeyType type) => type is KeyType.Aes256 or KeyType.Sm4;

    /// <summary>Whether keys of this type encrypt so.</summary>
    public static bool Has(this KeyType type, EncryptionAlgorithm algorithm) => type switch
    {
        KeyType.Rsa2048 or KeyType.Rsa3072 =>
            algorithm is EncryptionAlgorithm.OaepSha1 or EncryptionAlgorithm.OaepSha256,
        KeyType.EcSm2 => algorithm == EncryptionAlgorithm.Sm2Pke,
        _ => false,
    };

    /// <summary>Whether keys of this type sign so.</summary>
    public static bool Has(this KeyType type, SignatureAlgorithm algorithm) => type switch
    {
        KeyType.Rsa2048 or KeyType.Rsa3072 =>
            algorithm is SignatureAlgorithm.RsaPssSha256 or SignatureAlgorithm.RsaPkcs1Sha256,
        KeyType.EcP256 or KeyType.EcP256K => algorithm == SignatureAlgorithm.EcdsaSha256,
        KeyType.EcSm2 => algorithm == SignatureAlgorithm.Sm2Dsa,
        _ => false,
    };

    /// <summary>The longest plaintext, in bytes, that a public key of this type encrypts so.</summary>
    /// <exception cref="ArgumentException">The type does not have the algorithm.</exception>
    public static int MostPlaintext(this KeyType type, EncryptionAlgorithm algorithm) => (type, algorithm) switch
    {
        (KeyType.Rsa2048, EncryptionAlgorithm.OaepSha1) => 214,
        (KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256) => 190,
        (KeyType.Rsa3072, EncryptionAlgorithm.OaepSha1) => 342,
        (KeyType.Rsa3072, EncryptionAlgorithm.OaepSha256) => 318,
        (KeyType.EcSm2, EncryptionAlgorithm.Sm2Pke) => MostCiphertext - Sm2Overhead,
        _ => throw new ArgumentException("The type of key does not have this algorithm.", nameof(algorithm)),
    };

    /// <summary>Bytes of the ciphertext of a plaintext of <paramref name="length"/> bytes.</summary>
    public static int CiphertextSize(this KeyType type, int length) => type switch
    {
        KeyType.Rsa2048 => 256,
        KeyType.Rsa3072 => 384,
        KeyType.EcSm2 => length + Sm2Overhead,
        _ => throw new ArgumentException("Keys of this type have no public key that encrypts.", nameof(type)),
    };

    /// <summary>Bytes of a symmetric key.</summary>
    /// <exception cref="ArgumentException">The type is no symmetric one.</exception>
    internal static int MaterialSize(this KeyType type) => type switch
    {
        KeyType.Aes256 => Xaes256Gcm.KeySize,
        KeyType.Sm4 => Xsm4Gcm.KeySize,
        _ => throw new ArgumentException("Keys of this type are pairs.", nameof(type)),
    };

    /// <summary>Throws unless a public key of this type encrypts so many bytes so.</summary>
    /// <exception cref="ArgumentException">The type does not have the algorithm, or not so long.</exception>
    internal static void RequirePlaintext(this KeyType type, EncryptionAlgorithm algorithm, int length)
    {
        int most = type.MostPlaintext(algorithm);
        if (length < 1 || length > most)
            throw new ArgumentException($"The plaintext must be 1 to {most} bytes.", nameof(length));
    }
}
