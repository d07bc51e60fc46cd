using KmsActors.Grains;

namespace KmsActors.Protocols.Aliyun;

/// <summary>The words of this protocol for kinds of keys, their usages and their protection.</summary>
internal static class KeySpecText
{
    /// <summary>KeySpec of a CMK (dialects, section 5).</summary>
    public static readonly (string Word, KeySpec Meaning)[] Specs =
    [
        ("Aliyun_AES_256", KeySpec.Aes256),
        ("Aliyun_SM4", KeySpec.Sm4),
        ("RSA_2048", KeySpec.Rsa2048),
        ("RSA_3072", KeySpec.Rsa3072),
        ("EC_P256", KeySpec.EcP256),
        ("EC_P256K", KeySpec.EcP256K),
        ("EC_SM2", KeySpec.EcSm2),
    ];

    /// <summary>KeyUsage.</summary>
    public static readonly (string Word, KeyUsage Meaning)[] Usages =
    [
        ("ENCRYPT/DECRYPT", KeyUsage.EncryptDecrypt),
        ("SIGN/VERIFY", KeyUsage.SignVerify),
    ];

    /// <summary>ProtectionLevel.</summary>
    public static readonly (string Word, ProtectionLevel Meaning)[] ProtectionLevels =
    [
        ("SOFTWARE", ProtectionLevel.Software),
        ("HSM", ProtectionLevel.Hsm),
    ];

    /// <summary>Origin.</summary>
    public static readonly (string Word, KeyOrigin Meaning)[] Origins =
    [
        ("Aliyun_KMS", KeyOrigin.Kms),
        ("EXTERNAL", KeyOrigin.External),
    ];

    /// <summary>KeyState.</summary>
    public static readonly (string Word, KeyState Meaning)[] States =
        [.. Enum.GetValues<KeyState>().Select(state => (state.ToString(), state))];

    /// <summary>The word for <paramref name="meaning"/>.</summary>
    public static string Of<T>((string Word, T Meaning)[] words, T meaning)
    {
        foreach (var (word, each) in words)
        {
            if (EqualityComparer<T>.Default.Equals(each, meaning)) return word;
        }

        throw new InvariantException($"no word for {meaning}");
    }
}
