namespace KmsActors.Grains;

/// <summary>What kind of key a CMK is. The names and the numbers are stored; never reuse one.</summary>
public enum KeySpec
{
    /// <summary>AES, 256 bits.</summary>
    Aes256,

    /// <summary>SM4, 128 bits.</summary>
    Sm4,

    /// <summary>RSA, 2048 bits.</summary>
    Rsa2048,

    /// <summary>RSA, 3072 bits.</summary>
    Rsa3072,

    /// <summary>NIST P-256.</summary>
    EcP256,

    /// <summary>secp256k1.</summary>
    EcP256K,

    /// <summary>SM2.</summary>
    EcSm2,
}

/// <summary>What a CMK is for; one usage a key. The names and the numbers are stored; never reuse one.</summary>
public enum KeyUsage
{
    /// <summary>Encryption and decryption.</summary>
    EncryptDecrypt,

    /// <summary>Signatures and their verification.</summary>
    SignVerify,
}

/// <summary>The table of seed 004: which kind of key is for what.</summary>
public static class KeySpecs
{
    /// <summary>Whether it is one secret key rather than a pair.</summary>
    public static bool IsSymmetric(this KeySpec spec) => spec is KeySpec.Aes256 or KeySpec.Sm4;

    /// <summary>Whether a key of this kind may have this usage.</summary>
    public static bool Allows(this KeySpec spec, KeyUsage usage) => spec switch
    {
        KeySpec.Aes256 or KeySpec.Sm4 => usage == KeyUsage.EncryptDecrypt,
        KeySpec.EcP256 or KeySpec.EcP256K => usage == KeyUsage.SignVerify,
        _ => true,
    };
}
