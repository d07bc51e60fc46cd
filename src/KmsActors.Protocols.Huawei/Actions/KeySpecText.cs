using KmsActors.Grains;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// How later editions write what kind of key it is. Those of their kinds that are not here cannot be had.
/// </summary>
internal static class KeySpecText
{
    public static readonly (string Word, KeySpec Meaning)[] Specs =
    [
        ("AES_256", KeySpec.Aes256),
        ("SM4", KeySpec.Sm4),
        ("RSA_2048", KeySpec.Rsa2048),
        ("RSA_3072", KeySpec.Rsa3072),
        ("EC_P256", KeySpec.EcP256),
        ("SECP256K1", KeySpec.EcP256K),
        ("SM2", KeySpec.EcSm2),
    ];

    public static readonly (string Word, KeyUsage Meaning)[] Usages =
    [
        ("ENCRYPT_DECRYPT", KeyUsage.EncryptDecrypt),
        ("SIGN_VERIFY", KeyUsage.SignVerify),
    ];

    /// <summary>The word for a meaning.</summary>
    public static string Of<T>((string Word, T Meaning)[] words, T meaning) =>
        Array.Find(words, each => EqualityComparer<T>.Default.Equals(each.Meaning, meaning)).Word;
}
