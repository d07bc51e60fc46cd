using System.Diagnostics;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>What all key pairs have in common: the checks of arguments.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal abstract class KeyPair(KeyType type) : IKeyPair
{
    /// <inheritdoc/>
    public abstract byte[] PublicKey { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The key's type does not have the algorithm, or takes no plaintext so long.
    /// </exception>
    public byte[] Encrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext)
    {
        type.RequirePlaintext(algorithm, plaintext.Length);
        return EncryptCore(algorithm, plaintext);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The key's type does not have the algorithm.</exception>
    public SecretBytes? TryDecrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        if (!type.Has(algorithm))
            throw new ArgumentException("The type of key does not have this algorithm.", nameof(algorithm));
        return TryDecryptCore(algorithm, ciphertext);
    }

    /// <inheritdoc/>
    public virtual byte[] Digest(ReadOnlySpan<byte> message) => SHA256.HashData(message);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The key's type does not have the algorithm, or the digest is not of its length.
    /// </exception>
    public byte[] Sign(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        RequireDigest(algorithm, digest);
        return SignCore(algorithm, digest);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The key's type does not have the algorithm, or the digest is not of its length.
    /// </exception>
    public bool Verify(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        RequireDigest(algorithm, digest);
        return VerifyCore(algorithm, digest, signature);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Encrypts; overridden where the type has an algorithm for it.</summary>
    protected virtual byte[] EncryptCore(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext) =>
        throw new UnreachableException();

    /// <summary>Decrypts; overridden where the type has an algorithm for it.</summary>
    protected virtual SecretBytes? TryDecryptCore(
        EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext) => throw new UnreachableException();

    /// <summary>Signs.</summary>
    protected abstract byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest);

    /// <summary>Verifies.</summary>
    protected abstract bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);

    private void RequireDigest(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        if (!type.Has(algorithm))
            throw new ArgumentException("The type of key does not have this algorithm.", nameof(algorithm));
        if (digest.Length != KeyTypes.DigestSize)
            throw new ArgumentException("The digest must be 32 bytes.", nameof(digest));
    }
}
