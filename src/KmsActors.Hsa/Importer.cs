using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa;

/// <summary>The pairs for imports, and what customers encrypt with them. Does not own what it is given.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class Importer(RootKeyRing root, RsaPairPool rsa2048)
{
    /// <inheritdoc cref="IHsa.TakeImportKeyPairAsync"/>
    public async ValueTask<ImportKeyPair> TakePairAsync(
        string account, string tokenName, ImportWrapping algorithm, CancellationToken cancellation)
    {
        if (!Enum.IsDefined(algorithm))
            throw new ArgumentOutOfRangeException(nameof(algorithm));
        if (algorithm == ImportWrapping.Sm2Pke)
            return MakeSm2Pair(Domain.ImportSm2Pair(account, tokenName));
        using RSA pair = await rsa2048.TakeAsync(cancellation);
        return new ImportKeyPair(
            pair.ExportSubjectPublicKeyInfo(),
            root.WrapPrivateKey(Domain.ImportPrivateKey(account, tokenName), pair));
    }

    /// <summary>What the customer encrypted; the caller disposes it. Null if it does not decrypt.</summary>
    /// <exception cref="CryptographicException">The private key is not of this account, token and kind.</exception>
    public SecretBytes? TryUnwrap(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial)
    {
        if (algorithm == ImportWrapping.Sm2Pke)
        {
            using SecretBytes pair = root.Unwrap(Domain.ImportSm2Pair(account, tokenName), wrappedPrivateKey);
            return Sm2Encryption.TryDecrypt(Sm2Key.PrivateKey(pair.Span), encryptedMaterial);
        }

        RSAEncryptionPadding padding = algorithm switch
        {
            ImportWrapping.Pkcs1 => RSAEncryptionPadding.Pkcs1,
            ImportWrapping.OaepSha1 => RSAEncryptionPadding.OaepSHA1,
            ImportWrapping.OaepSha256 => RSAEncryptionPadding.OaepSHA256,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        using SecretBytes privateKey =
            root.Unwrap(Domain.ImportPrivateKey(account, tokenName), wrappedPrivateKey);
        using RSA rsa = RsaKeyPair.Import(privateKey.Span);
        return RsaKeyPair.TryDecrypt(rsa, padding, encryptedMaterial);
    }

    private ImportKeyPair MakeSm2Pair(byte[] boundTo)
    {
        Span<byte> pair = stackalloc byte[Sm2Key.PairSize];
        try
        {
            Sm2Key.Generate(pair);
            return new ImportKeyPair(Sm2Key.WriteInfo(Sm2Key.PublicKey(pair)), root.Wrap(boundTo, pair));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair);
        }
    }
}
