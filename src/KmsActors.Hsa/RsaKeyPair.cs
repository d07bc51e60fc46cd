using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>A version of an RSA key.</summary>
internal sealed class RsaKeyPair : KeyPair
{
    // What RSA-3072 carries is shorter than its modulus.
    private const int MostPlaintext = 384;

    private readonly IdleObjects<RSA> _pairs;

    /// <summary>Copies <paramref name="privateKey"/>, PKCS#8.</summary>
    /// <exception cref="CryptographicException">It is no RSA key.</exception>
    public RsaKeyPair(KeyType type, ReadOnlySpan<byte> privateKey)
        : base(type)
    {
        _pairs = new IdleObjects<RSA>(KeyMemory.CopyOf(privateKey), Import);
        using IdleObjects<RSA>.Loan pair = _pairs.Take();
        PublicKey = pair.Value.ExportSubjectPublicKeyInfo();
    }

    /// <inheritdoc/>
    public override byte[] PublicKey { get; }

    /// <summary>Opens a private key.</summary>
    /// <param name="privateKey">PKCS#8.</param>
    /// <exception cref="CryptographicException">It is no RSA key.</exception>
    public static RSA Import(ReadOnlySpan<byte> privateKey) => KeyImport.PrivateKey(RSA.Create(), privateKey);

    /// <summary>The padding of an algorithm.</summary>
    public static RSAEncryptionPadding Padding(EncryptionAlgorithm algorithm) => algorithm switch
    {
        EncryptionAlgorithm.OaepSha1 => RSAEncryptionPadding.OaepSHA1,
        EncryptionAlgorithm.OaepSha256 => RSAEncryptionPadding.OaepSHA256,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Decrypts; the caller disposes the result. Null for whatever does not decrypt.</summary>
    public static SecretBytes? TryDecrypt(
        RSA pair, RSAEncryptionPadding padding, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> plaintext = stackalloc byte[MostPlaintext];
        try
        {
            return pair.TryDecrypt(ciphertext, plaintext, padding, out int length)
                ? SecretBytes.CopyOf(plaintext[..length])
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Verifies a signature.</summary>
    public static bool Verify(
        RSA key, SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        // RFC 8017, 8.1.2 and 8.2.2, step 1: OpenSSL also takes a signature without its leading zeros.
        signature.Length * 8 == key.KeySize
        && key.VerifyHash(digest, signature, HashAlgorithmName.SHA256, Padding(algorithm));

    /// <inheritdoc/>
    public override void Dispose() => _pairs.Dispose();

    /// <inheritdoc/>
    protected override byte[] EncryptCore(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext)
    {
        using IdleObjects<RSA>.Loan pair = _pairs.Take();
        return pair.Value.Encrypt(plaintext, Padding(algorithm));
    }

    /// <inheritdoc/>
    protected override SecretBytes? TryDecryptCore(
        EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        using IdleObjects<RSA>.Loan pair = _pairs.Take();
        return TryDecrypt(pair.Value, Padding(algorithm), ciphertext);
    }

    /// <inheritdoc/>
    protected override byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using IdleObjects<RSA>.Loan pair = _pairs.Take();
        return pair.Value.SignHash(digest, HashAlgorithmName.SHA256, Padding(algorithm));
    }

    /// <inheritdoc/>
    protected override bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using IdleObjects<RSA>.Loan pair = _pairs.Take();
        return Verify(pair.Value, algorithm, digest, signature);
    }

    // PSS's salt is as long as the digest.
    private static RSASignaturePadding Padding(SignatureAlgorithm algorithm) =>
        algorithm == SignatureAlgorithm.RsaPssSha256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
