using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa;

/// <summary>Encryption with public keys that come from outside.</summary>
internal static class PublicKeyEncryption
{
    // An RSA key of 3072 bits takes 422 bytes, or 803 with the longest exponent.
    private const int MostPublicKey = 1024;

    /// <summary>Encrypts; null when the bytes are no public key of the type.</summary>
    public static byte[]? TryEncrypt(
        KeyType type, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> plaintext)
    {
        type.RequirePlaintext(algorithm, plaintext.Length);
        if (type == KeyType.EcSm2)
        {
            return Sm2Key.TryReadInfo(publicKey, out ReadOnlySpan<byte> point)
                ? Sm2Encryption.Encrypt(point, plaintext)
                : null;
        }

        using RSA rsa = RSA.Create();
        try
        {
            return TryImport(rsa, publicKey) && rsa.KeySize == 8 * type.CiphertextSize(plaintext.Length)
                ? rsa.Encrypt(plaintext, RsaKeyPair.Padding(algorithm))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool TryImport(RSA rsa, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length > MostPublicKey)
            return false;
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);

        // Written again, a key in DER comes out the same, and nothing else does.
        if (!rsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
            return false;

        // With 1 for an exponent, encrypted would be as good as plain; with an even one, nobody could decrypt.
        ReadOnlySpan<byte> exponent = rsa.ExportParameters(includePrivateParameters: false).Exponent;
        return (exponent[^1] & 1) != 0 && !exponent.SequenceEqual((ReadOnlySpan<byte>)[1]);
    }
}
