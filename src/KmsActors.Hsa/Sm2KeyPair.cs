using System.Security.Cryptography;
using KmsActors.Hsa.ShangMi;

namespace KmsActors.Hsa;

/// <summary>A version of an SM2 key.</summary>
internal sealed class Sm2KeyPair : KeyPair
{
    private readonly KeyMemory _pair;

    /// <summary>Copies <paramref name="pair"/>, in the form of <see cref="Sm2Key"/>.</summary>
    /// <exception cref="CryptographicException">It is no such pair.</exception>
    public Sm2KeyPair(ReadOnlySpan<byte> pair)
        : base(KeyType.EcSm2)
    {
        if (pair.Length != Sm2Key.PairSize)
            throw new CryptographicException("The wrapped key material is no SM2 pair.");
        _pair = KeyMemory.CopyOf(pair);
        PublicKey = Sm2Key.WriteInfo(Sm2Key.PublicKey(pair));
    }

    /// <inheritdoc/>
    public override byte[] PublicKey { get; }

    /// <inheritdoc/>
    public override byte[] Digest(ReadOnlySpan<byte> message)
    {
        using KeyMemory.Lease lease = _pair.Use();
        return Sm2Signature.Digest(Sm2Key.PublicKey(lease.Span), message);
    }

    /// <inheritdoc/>
    public override void Dispose() => _pair.Dispose();

    /// <inheritdoc/>
    protected override byte[] EncryptCore(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext)
    {
        using KeyMemory.Lease lease = _pair.Use();
        return Sm2Encryption.Encrypt(Sm2Key.PublicKey(lease.Span), plaintext);
    }

    /// <inheritdoc/>
    protected override SecretBytes? TryDecryptCore(
        EncryptionAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        using KeyMemory.Lease lease = _pair.Use();
        return Sm2Encryption.TryDecrypt(Sm2Key.PrivateKey(lease.Span), ciphertext);
    }

    /// <inheritdoc/>
    protected override byte[] SignCore(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using KeyMemory.Lease lease = _pair.Use();
        return Sm2Signature.Sign(Sm2Key.PrivateKey(lease.Span), digest);
    }

    /// <inheritdoc/>
    protected override bool VerifyCore(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using KeyMemory.Lease lease = _pair.Use();
        return Sm2Signature.Verify(Sm2Key.PublicKey(lease.Span), digest, signature);
    }
}
