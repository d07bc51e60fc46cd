using KmsActors.Hsa;

namespace KmsActors.Operations.Tests;

/// <summary>An appliance that has nothing but random bytes, and those only when its gate is open.</summary>
internal sealed class GateHsa(ManualResetEventSlim? gate) : IHsa
{
    private int _waiting;

    /// <summary>How many wait at the gate, or have.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void GenerateRandom(Span<byte> destination)
    {
        Interlocked.Increment(ref _waiting);
        gate?.Wait();
        System.Security.Cryptography.RandomNumberGenerator.Fill(destination);
    }

    public bool Supports(KeyType type, KeyProtection protection) => false;

    public ValueTask<byte[]> GenerateKeyAsync(KeyBinding binding, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IKeyHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial) => throw new NotSupportedException();

    public byte[] EncryptFor(
        KeyType type, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> plaintext) =>
        throw new NotSupportedException();

    public ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account,
        string tokenName,
        ImportWrapping algorithm,
        KeyProtection protection,
        CancellationToken cancellation) =>
        throw new NotSupportedException();

    public WrappedImport ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding) => throw new NotSupportedException();

    public byte[] WrapSecret(string owner, ReadOnlySpan<byte> secret) => throw new NotSupportedException();

    public KeyMemory OpenSecret(string owner, ReadOnlySpan<byte> wrapped) => throw new NotSupportedException();

    public byte[] RewrapKey(KeyBinding binding, byte[] wrappedMaterial) => throw new NotSupportedException();

    public byte[] RewrapImportKey(
        string account, string tokenName, ImportWrapping algorithm, byte[] wrappedPrivateKey) =>
        throw new NotSupportedException();

    public byte[] RewrapSecret(string owner, byte[] wrapped) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
