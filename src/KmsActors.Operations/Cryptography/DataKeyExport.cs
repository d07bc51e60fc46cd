using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>A key pair outside, for whose holder a data key is encrypted.</summary>
/// <param name="Type">What kind of pair.</param>
/// <param name="Algorithm">One that this kind has.</param>
/// <param name="PublicKey">DER, SubjectPublicKeyInfo, as the caller sent it.</param>
public sealed record ExportTarget(KeyType Type, EncryptionAlgorithm Algorithm, ReadOnlyMemory<byte> PublicKey)
{
    /// <summary>The longest data key it can take, in bytes.</summary>
    public int MostBytes => Type.MostPlaintext(Algorithm);

    /// <summary>Encrypts a data key for the pair's holder.</summary>
    internal Outcome<byte[]> Encrypt(IHsa hsa, SecretBytes dataKey) =>
        hsa.EncryptFor(Type, Algorithm, PublicKey.Span, dataKey.Span) is { } exported
            ? exported
            : Refusal.Invalid("PublicKeyBlob");
}

/// <summary>A data key, exported.</summary>
/// <param name="Encrypted">The data key, encrypted with the CMK.</param>
/// <param name="Exported">The data key, encrypted with the public key.</param>
public sealed record ExportedDataKey(Encrypted Encrypted, byte[] Exported);
