using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>What a public key on P-256 or secp256k1 does.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class EcPublicKey : IDisposable
{
    private readonly IdleObjects<ECDsa> _keys;

    /// <summary>Copies <paramref name="info"/>, SubjectPublicKeyInfo.</summary>
    public EcPublicKey(ReadOnlySpan<byte> info) =>
        _keys = new IdleObjects<ECDsa>(KeyMemory.CopyOf(info), Import);

    /// <summary>Verifies a signature in DER.</summary>
    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using IdleObjects<ECDsa>.Loan key = _keys.Take();
        return key.Value.VerifyHash(digest, signature, EcKeyPair.Format);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private static ECDsa Import(ReadOnlySpan<byte> info) => KeyImport.PublicKey(ECDsa.Create(), info);
}
