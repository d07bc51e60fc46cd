using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// The HSA in software: key material is in the clear in this process's memory, outside the managed heap,
/// for as long as a handle is open; everything at rest is wrapped by the root key.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class SoftwareHsa : IHsa
{
    // None is made ahead; one may be left by somebody who gave up waiting.
    private const int Rsa3072Pairs = 1;

    private readonly RootKeyRing _root;
    private readonly RsaPairPool _rsa2048;
    private readonly RsaPairPool _rsa3072;
    private readonly KeyMaker _maker;
    private readonly Importer _importer;

    /// <summary>
    /// Starts the appliance. Once an RSA-2048 pair has been asked for, a background thread makes more ahead; pairs of
    /// RSA-3072 are made when they are asked for.
    /// </summary>
    /// <param name="root">The root key; its owner from now on is this.</param>
    /// <param name="rsaPairs">RSA-2048 pairs kept ready, for imports and for keys; at least 1.</param>
    public SoftwareHsa(RootKeyRing root, int rsaPairs = 8)
        : this(root, new RsaPairPool(2048, rsaPairs) { MakesAhead = true }, new RsaPairPool(3072, Rsa3072Pairs))
    {
    }

    /// <summary>The same with a root key of one version.</summary>
    /// <param name="rootKey">32 bytes; copied, so the caller zeroes its own.</param>
    /// <param name="rsaPairs">As above.</param>
    public SoftwareHsa(ReadOnlySpan<byte> rootKey, int rsaPairs = 8)
        : this(RootKeyRing.Of(rootKey), rsaPairs)
    {
    }

    /// <summary>Owns the pools.</summary>
    internal SoftwareHsa(RootKeyRing root, RsaPairPool rsa2048, RsaPairPool rsa3072)
    {
        _root = root;
        _rsa2048 = rsa2048;
        _rsa3072 = rsa3072;
        _maker = new KeyMaker(_root, rsa2048, rsa3072);
        _importer = new Importer(_root, rsa2048);
    }

    /// <summary>
    /// Whether keys that are to be in a hardware module are taken into this one, for want of such: as is told to
    /// whoever runs it, and not to whoever uses it.
    /// </summary>
    public bool TakesHsmKeys { get; init; } = true;

    /// <summary>The root key, for what stands beside this.</summary>
    internal RootKeyRing Root => _root;

    /// <summary>The pairs for imports, and what is encrypted with them.</summary>
    internal Importer Importer => _importer;

    /// <inheritdoc/>
    public bool Supports(KeyType type, KeyProtection protection) =>
        protection == KeyProtection.Software || TakesHsmKeys;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The appliance was disposed, before or meanwhile.</exception>
    /// <exception cref="CryptographicException">No RSA pairs can be made.</exception>
    public ValueTask<byte[]> GenerateKeyAsync(KeyBinding binding, CancellationToken cancellation) =>
        _maker.GenerateAsync(binding, cancellation);

    /// <inheritdoc/>
    /// <exception cref="HsaUnavailableException">The key is in a hardware module.</exception>
    /// <remarks>The handle outlives this appliance, if it is disposed first.</remarks>
    public IKeyHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial)
    {
        using SecretBytes material = _root.Unwrap(Domain.KeyMaterial(binding), wrappedMaterial);
        return binding.Type switch
        {
            KeyType.Rsa2048 or KeyType.Rsa3072 => new RsaKeyPair(binding.Type, material.Span),
            KeyType.EcP256 or KeyType.EcP256K => new EcKeyPair(binding.Type, material.Span),
            KeyType.EcSm2 => new Sm2KeyPair(material.Span),
            _ => material.Span.Length == binding.Type.MaterialSize()
                ? new SymmetricKey(binding, material.Span)
                : throw new CryptographicException("The wrapped key material is of a wrong length."),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The type does not have the algorithm, or takes no plaintext so long.
    /// </exception>
    public byte[]? EncryptFor(
        KeyType type,
        EncryptionAlgorithm algorithm,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> plaintext) =>
        PublicKeyEncryption.TryEncrypt(type, algorithm, publicKey, plaintext);

    /// <inheritdoc/>
    public void GenerateRandom(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The appliance was disposed, before or meanwhile.</exception>
    /// <exception cref="CryptographicException">No RSA pairs can be made.</exception>
    public ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account,
        string tokenName,
        ImportWrapping algorithm,
        KeyProtection protection,
        CancellationToken cancellation) =>
        _importer.TakePairAsync(account, tokenName, algorithm, cancellation);

    /// <inheritdoc/>
    /// <exception cref="CryptographicException">
    /// <paramref name="wrappedPrivateKey"/> is damaged, was not made for this account and token, or is a key of
    /// another kind than <paramref name="algorithm"/> takes.
    /// </exception>
    /// <exception cref="ArgumentException">The type bound to is no symmetric one.</exception>
    public WrappedImport? ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding)
    {
        int size = binding.Type.MaterialSize();
        using SecretBytes? material =
            _importer.TryUnwrap(account, tokenName, wrappedPrivateKey, algorithm, encryptedMaterial);
        return material is not null && material.Span.Length == size ? Wrap(binding, material.Span) : null;
    }

    /// <inheritdoc/>
    public byte[] WrapSecret(string owner, ReadOnlySpan<byte> secret) =>
        _root.Wrap(Domain.Secret(owner), secret);

    /// <inheritdoc/>
    public KeyMemory OpenSecret(string owner, ReadOnlySpan<byte> wrapped)
    {
        using SecretBytes secret = _root.Unwrap(Domain.Secret(owner), wrapped);
        return KeyMemory.CopyOf(secret.Span);
    }

    /// <inheritdoc/>
    public byte[] RewrapKey(KeyBinding binding, byte[] wrappedMaterial) =>
        _root.Rewrap(Domain.KeyMaterial(binding), wrappedMaterial);

    /// <inheritdoc/>
    public byte[] RewrapImportKey(
        string account, string tokenName, ImportWrapping algorithm, byte[] wrappedPrivateKey) =>
        _root.Rewrap(Domain.ImportKey(account, tokenName, algorithm), wrappedPrivateKey);

    /// <inheritdoc/>
    public byte[] RewrapSecret(string owner, byte[] wrapped) => _root.Rewrap(Domain.Secret(owner), wrapped);

    /// <inheritdoc/>
    public void Dispose()
    {
        _rsa2048.Dispose();
        _rsa3072.Dispose();
        _root.Dispose();
    }

    private WrappedImport Wrap(KeyBinding binding, ReadOnlySpan<byte> material)
    {
        byte[] fingerprint = new byte[Fingerprint.Size];
        using IMessageCipher cipher = SymmetricKey.MakeCipher(binding.Type, material);
        cipher.Derive(Fingerprint.Label, Fingerprint.ContextOf(binding), fingerprint);
        return new WrappedImport(_root.Wrap(Domain.KeyMaterial(binding), material), fingerprint);
    }
}
