using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa;

namespace KmsActors.Simulator;

/// <summary>
/// An HSA whose chance can be repeated and whose cryptography costs next to nothing. It holds callers to all that a
/// real one does: material opens only for the account, key, version and protection it was made for, a ciphertext only
/// under its version and with its context.
/// </summary>
internal sealed class SimulatedHsa(Chance chance) : IHsa
{
    /// <inheritdoc/>
    public bool Supports(KeyType type, KeyProtection protection) => true;

    /// <inheritdoc/>
    public ValueTask<byte[]> GenerateKeyAsync(KeyBinding binding, CancellationToken cancellation)
    {
        var material = new byte[binding.Type == KeyType.Sm4 ? 16 : 32];
        chance.Fill(material);
        return new(Seal.Close(NameOf(binding), material));
    }

    /// <inheritdoc/>
    public IKeyHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial)
    {
        var material = Seal.TryOpen(NameOf(binding), wrappedMaterial) ?? throw Damaged();
        return binding.Type.IsSymmetric()
            ? new SimulatedSymmetricKey(binding, material, chance)
            : new SimulatedKeyPair(material);
    }

    /// <inheritdoc/>
    public byte[]? EncryptFor(
        KeyType type, EncryptionAlgorithm algorithm, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> plaintext) =>
        publicKey.Length == SimulatedKeyPair.PublicKeySize
            ? Seal.Close(Convert.ToHexString(publicKey), plaintext)
            : null;

    /// <inheritdoc/>
    public void GenerateRandom(Span<byte> destination) => chance.Fill(destination);

    /// <inheritdoc/>
    public ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account,
        string tokenName,
        ImportWrapping algorithm,
        KeyProtection protection,
        CancellationToken cancellation)
    {
        var pair = new byte[SimulatedKeyPair.PublicKeySize];
        chance.Fill(pair);
        return new(new ImportKeyPair(pair, Seal.Close($"import {account} {tokenName} {algorithm}", pair)));
    }

    /// <inheritdoc/>
    public WrappedImport? ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding)
    {
        var pair = Seal.TryOpen($"import {account} {tokenName} {algorithm}", wrappedPrivateKey) ?? throw Damaged();
        var material = Seal.TryOpen(Convert.ToHexString(pair), encryptedMaterial);
        if (material?.Length != (binding.Type == KeyType.Sm4 ? 16 : 32)) return null;
        var fingerprint = new byte[32];
        Seal.Of(Encoding.UTF8.GetBytes($"{binding.Account} {binding.KeyId}"), material, fingerprint);
        return new WrappedImport(Seal.Close(NameOf(binding), material), fingerprint);
    }

    /// <inheritdoc/>
    public byte[] WrapSecret(string owner, ReadOnlySpan<byte> secret) => Seal.Close($"secret {owner}", secret);

    /// <inheritdoc/>
    public KeyMemory OpenSecret(string owner, ReadOnlySpan<byte> wrapped) =>
        KeyMemory.CopyOf(Seal.TryOpen($"secret {owner}", wrapped) ?? throw Damaged());

    /// <inheritdoc/>
    public byte[] RewrapKey(KeyBinding binding, byte[] wrappedMaterial) => wrappedMaterial;

    /// <inheritdoc/>
    public byte[] RewrapImportKey(
        string account, string tokenName, ImportWrapping algorithm, byte[] wrappedPrivateKey) => wrappedPrivateKey;

    /// <inheritdoc/>
    public byte[] RewrapSecret(string owner, byte[] wrapped) => wrapped;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string NameOf(KeyBinding binding) =>
        $"{binding.Account} {binding.KeyId} {binding.VersionId} {binding.Type} {binding.Protection}";

    private static CryptographicException Damaged() => new("The blob is damaged or bound to something else.");
}
