using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>What an RSA public key does.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class RsaPublicKey : IDisposable
{
    private readonly IdleObjects<RSA> _keys;

    /// <summary>Copies <paramref name="info"/>, SubjectPublicKeyInfo.</summary>
    /// <exception cref="CryptographicException">It is no RSA key.</exception>
    public RsaPublicKey(ReadOnlySpan<byte> info)
    {
        _keys = new IdleObjects<RSA>(KeyMemory.CopyOf(info), Import);
        using IdleObjects<RSA>.Loan key = _keys.Take();
        ModulusSize = key.Value.KeySize / 8;
    }

    /// <summary>Bytes of the modulus.</summary>
    public int ModulusSize { get; }

    /// <summary>Encrypts.</summary>
    public byte[] Encrypt(EncryptionAlgorithm algorithm, ReadOnlySpan<byte> plaintext)
    {
        using IdleObjects<RSA>.Loan key = _keys.Take();
        return key.Value.Encrypt(plaintext, RsaKeyPair.Padding(algorithm));
    }

    /// <summary>Verifies.</summary>
    public bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using IdleObjects<RSA>.Loan key = _keys.Take();
        return RsaKeyPair.Verify(key.Value, algorithm, digest, signature);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private static RSA Import(ReadOnlySpan<byte> info) => KeyImport.PublicKey(RSA.Create(), info);
}
