using System.Security.Cryptography;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>
/// The HSA with a PKCS#11 token: keys whose protection is <see cref="KeyProtection.Hsm"/> are in the clear in the token
/// alone. The rest is the software appliance's: other keys, secrets, public keys, and the root key that binds what the
/// token has wrapped to its key version.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class Pkcs11Hsa : IHsa
{
    private readonly SoftwareHsa _software;
    private readonly Token _token;
    private readonly TokenKeyMaker _maker;
    private readonly TokenImporter _importer;

    /// <summary>Owns both from now on.</summary>
    /// <param name="software">What does the rest.</param>
    /// <param name="token">
    /// It has a root key of each version of the software appliance's: <see cref="Token.MakeRootKey"/>.
    /// </param>
    public Pkcs11Hsa(SoftwareHsa software, Token token)
    {
        _software = software;
        _token = token;
        _maker = new TokenKeyMaker(token);
        _importer = new TokenImporter(token, _maker);
    }

    /// <inheritdoc/>
    public bool Supports(KeyType type, KeyProtection protection) =>
        protection == KeyProtection.Software || _token.Supports(type);

    /// <inheritdoc/>
    public ValueTask<byte[]> GenerateKeyAsync(KeyBinding binding, CancellationToken cancellation) =>
        binding.Protection == KeyProtection.Software
            ? _software.GenerateKeyAsync(binding, cancellation)
            : GenerateInTokenAsync(binding, cancellation);

    /// <inheritdoc/>
    /// <remarks>Does not ask the token: that is done at the first use.</remarks>
    public IKeyHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial)
    {
        if (!RootKey.IsOfToken(wrappedMaterial))
            return _software.OpenKey(binding, wrappedMaterial);
        TokenBlob blob = Unseal(Domain.KeyMaterial(binding), wrappedMaterial);
        return binding.Type switch
        {
            KeyType.Aes256 => new SymmetricKey(
                binding, new TokenCipher(new TokenKey(_token, blob, Templates.Aes), blob.Open)),
            KeyType.Rsa2048 or KeyType.Rsa3072 => new TokenRsaKeyPair(binding.Type, _token, blob),
            KeyType.EcP256 or KeyType.EcP256K => new TokenEcKeyPair(binding.Type, _token, blob),
            _ => throw new CryptographicException("Keys of this type are never in a token."),
        };
    }

    /// <inheritdoc/>
    public byte[]? EncryptFor(
        KeyType type,
        EncryptionAlgorithm algorithm,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> plaintext) => _software.EncryptFor(type, algorithm, publicKey, plaintext);

    /// <inheritdoc/>
    public void GenerateRandom(Span<byte> destination) => _software.GenerateRandom(destination);

    /// <inheritdoc/>
    public ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account,
        string tokenName,
        ImportWrapping algorithm,
        KeyProtection protection,
        CancellationToken cancellation) =>
        protection == KeyProtection.Software || algorithm == ImportWrapping.Sm2Pke
            ? _software.TakeImportKeyPairAsync(account, tokenName, algorithm, protection, cancellation)
            : TakePairInTokenAsync(account, tokenName, cancellation);

    /// <inheritdoc/>
    public WrappedImport? ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding)
    {
        if (binding.Protection == KeyProtection.Software)
        {
            return _software.ImportMaterial(
                account, tokenName, wrappedPrivateKey, algorithm, encryptedMaterial, binding);
        }

        RequireAes(binding);
        uint version = _software.Root.Current;
        byte[] context = Fingerprint.ContextOf(binding);
        byte[] fingerprint = new byte[Fingerprint.Size];
        TokenBlob? blob;
        if (RootKey.IsOfToken(wrappedPrivateKey))
        {
            TokenBlob pair = Unseal(Domain.ImportPrivateKey(account, tokenName), wrappedPrivateKey);
            blob = _importer.TryImport(pair, algorithm, encryptedMaterial, version, context, fingerprint);
        }
        else
        {
            using SecretBytes? material = _software.Importer.TryUnwrap(
                account, tokenName, wrappedPrivateKey, algorithm, encryptedMaterial);
            blob = material?.Span.Length == binding.Type.MaterialSize()
                ? _importer.Import(material.Span, version, context, fingerprint)
                : null;
        }

        return blob is null ? null : new WrappedImport(Seal(Domain.KeyMaterial(binding), blob), fingerprint);
    }

    /// <inheritdoc/>
    public byte[] WrapSecret(string owner, ReadOnlySpan<byte> secret) => _software.WrapSecret(owner, secret);

    /// <inheritdoc/>
    public KeyMemory OpenSecret(string owner, ReadOnlySpan<byte> wrapped) => _software.OpenSecret(owner, wrapped);

    /// <inheritdoc/>
    public byte[] RewrapKey(KeyBinding binding, byte[] wrappedMaterial) =>
        RootKey.IsOfToken(wrappedMaterial)
            ? Rewrap(Domain.KeyMaterial(binding), wrappedMaterial)
            : _software.RewrapKey(binding, wrappedMaterial);

    /// <inheritdoc/>
    public byte[] RewrapImportKey(
        string account, string tokenName, ImportWrapping algorithm, byte[] wrappedPrivateKey) =>
        RootKey.IsOfToken(wrappedPrivateKey)
            ? Rewrap(Domain.ImportKey(account, tokenName, algorithm), wrappedPrivateKey)
            : _software.RewrapImportKey(account, tokenName, algorithm, wrappedPrivateKey);

    /// <inheritdoc/>
    public byte[] RewrapSecret(string owner, byte[] wrapped) => _software.RewrapSecret(owner, wrapped);

    /// <inheritdoc/>
    public void Dispose()
    {
        _maker.Dispose();
        _software.Dispose();
        _token.Dispose();
    }

    private async ValueTask<byte[]> GenerateInTokenAsync(KeyBinding binding, CancellationToken cancellation)
    {
        byte[] boundTo = Domain.KeyMaterial(binding);
        if (!_token.Supports(binding.Type))
            throw new ArgumentException("The token has no keys of this type.", nameof(binding));
        return Seal(
            boundTo, await _maker.GenerateAsync(binding.Type, _software.Root.Current, cancellation));
    }

    private async ValueTask<ImportKeyPair> TakePairInTokenAsync(
        string account, string tokenName, CancellationToken cancellation)
    {
        TokenBlob pair = await _maker.GenerateAsync(
            KeyType.Rsa2048, _software.Root.Current, cancellation);
        return new ImportKeyPair(pair.Open, Seal(Domain.ImportPrivateKey(account, tokenName), pair));
    }

    // Both wrappings go over to the same version. In between the key is an object of a session's.
    private byte[] Rewrap(byte[] boundTo, byte[] blob)
    {
        uint version = _software.Root.Current;
        return RootKey.VersionOf(blob) == version
            ? blob
            : Seal(boundTo, _token.RootKeys.Rewrap(Unseal(boundTo, blob), version));
    }

    private byte[] Seal(byte[] boundTo, TokenBlob blob) =>
        _software.Root.WrapOfToken(boundTo, blob.ToBytes(), blob.RootVersion);

    private TokenBlob Unseal(byte[] boundTo, ReadOnlySpan<byte> sealedBlob)
    {
        using SecretBytes inner = _software.Root.UnwrapOfToken(boundTo, sealedBlob);
        return TokenBlob.Read(RootKey.VersionOf(sealedBlob), inner.Span);
    }

    private static void RequireAes(KeyBinding binding)
    {
        if (binding.Type != KeyType.Aes256)
            throw new ArgumentException("Only AES keys are imported into a token.", nameof(binding));
    }
}
