using System.Security.Cryptography;
using KmsActors.Hsa.Pkcs11.Cryptoki;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>A version of an RSA key in the token; what takes the public key alone is done outside.</summary>
internal sealed class TokenRsaKeyPair : KeyPair
{
    private readonly RsaPublicKey _public;
    private readonly TokenKey _signing;
    private readonly TokenKey _decrypting;

    /// <summary>Does not ask the token yet.</summary>
    /// <exception cref="CryptographicException">The blob has no public key.</exception>
    public TokenRsaKeyPair(KeyType type, Token token, TokenBlob blob)
        : base(type)
    {
        _public = new RsaPublicKey(blob.Open);
        PublicKey = blob.Open;
        // A key is for one or the other, and each object is made at its first use.
        _signing = new TokenKey(token, blob, Templates.SigningRsa);
        _decrypting = new TokenKey(token, blob, Templates.DecryptingRsa);
    }

    /// <inheritdoc/>
    public override byte[] PublicKey { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _public.Dispose();
        _signing.Dispose();
        _decrypting.Dispose();
    }

    /// <inheritdoc/>
    protected override byte[] EncryptCore(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext) =>
        _public.Encrypt(algorithm, plaintext);

    /// <inheritdoc/>
    protected override SecretBytes? TryDecryptCore(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        using ObjectLease key = _decrypting.Use();
        return TokenRsa.TryDecrypt(key, algorithm, ciphertext, _public.ModulusSize);
    }

    /// <inheritdoc/>
    protected override byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using ObjectLease key = _signing.Use();
        return TokenRsa.Sign(key, algorithm, digest, _public.ModulusSize);
    }

    /// <inheritdoc/>
    protected override bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        _public.Verify(algorithm, digest, signature);
}
