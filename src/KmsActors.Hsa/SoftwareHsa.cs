using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// The HSA in software: key material is in the clear in this process's memory, outside the managed heap,
/// for as long as a handle is open; everything at rest is wrapped by the root key.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class SoftwareHsa : IHsa
{
    private const int MaterialSize = Xaes256Gcm.KeySize;
    private const byte FingerprintLabel = (byte)'F';

    // An RSA-2048 private key in PKCS#8 takes some 1220 bytes.
    private const int MostPrivateKey = 2048;

    // What RSA-2048 carries is shorter than its modulus.
    private const int MostImport = 256;

    private readonly RootKey _root;
    private readonly ImportKeyPairPool _importPairs;

    /// <summary>Starts the appliance, and a background thread that makes import key pairs ahead.</summary>
    /// <param name="rootKey">32 bytes; copied, so the caller zeroes its own.</param>
    /// <param name="importPairs">Import key pairs kept ready, at least 1.</param>
    public SoftwareHsa(ReadOnlySpan<byte> rootKey, int importPairs = 8)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(importPairs);
        _root = new RootKey(rootKey);
        RootKeyCheckValue = _root.CheckValue();
        _importPairs = new ImportKeyPairPool(importPairs);
    }

    /// <summary>
    /// 16 hexadecimal digits, the same for the same root key, that tell nothing of it: stored with the data,
    /// they show at start that the root key is the wrong one.
    /// </summary>
    public string RootKeyCheckValue { get; }

    /// <inheritdoc/>
    public byte[] GenerateKey(KeyBinding binding)
    {
        Span<byte> material = stackalloc byte[MaterialSize];
        try
        {
            RandomNumberGenerator.Fill(material);
            return _root.Wrap(Domain.KeyMaterial(binding), material);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The handle outlives this appliance, if it is disposed first.</remarks>
    public ICmkHandle OpenKey(KeyBinding binding, ReadOnlySpan<byte> wrappedMaterial)
    {
        using SecretBytes material = _root.Unwrap(Domain.KeyMaterial(binding), wrappedMaterial);
        return material.Span.Length == MaterialSize
            ? new CmkHandle(binding, material.Span)
            : throw new CryptographicException("The wrapped key material is not 32 bytes.");
    }

    /// <inheritdoc/>
    public void GenerateRandom(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The appliance was disposed, before or meanwhile.</exception>
    /// <exception cref="CryptographicException">No key pairs can be made.</exception>
    public async ValueTask<ImportKeyPair> TakeImportKeyPairAsync(
        string account, string tokenName, CancellationToken cancellation)
    {
        using RSA pair = await _importPairs.TakeAsync(cancellation);
        return new ImportKeyPair(pair.ExportSubjectPublicKeyInfo(), WrapPrivateKey(account, tokenName, pair));
    }

    /// <inheritdoc/>
    /// <exception cref="CryptographicException">
    /// <paramref name="wrappedPrivateKey"/> is damaged, or was not made for this account and token.
    /// </exception>
    public WrappedImport? ImportMaterial(
        string account,
        string tokenName,
        ReadOnlySpan<byte> wrappedPrivateKey,
        ImportWrapping algorithm,
        ReadOnlySpan<byte> encryptedMaterial,
        KeyBinding binding)
    {
        RSAEncryptionPadding padding = algorithm switch
        {
            ImportWrapping.Pkcs1 => RSAEncryptionPadding.Pkcs1,
            ImportWrapping.OaepSha1 => RSAEncryptionPadding.OaepSHA1,
            ImportWrapping.OaepSha256 => RSAEncryptionPadding.OaepSHA256,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
        };
        using SecretBytes privateKey =
            _root.Unwrap(Domain.ImportPrivateKey(account, tokenName), wrappedPrivateKey);
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey.Span, out _);
        Span<byte> material = stackalloc byte[MostImport];
        try
        {
            return TryUnwrap(rsa, padding, encryptedMaterial, material, out int length)
                && length == MaterialSize
                ? Wrap(binding, material[..MaterialSize])
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
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
    public void Dispose()
    {
        _importPairs.Dispose();
        _root.Dispose();
    }

    private byte[] WrapPrivateKey(string account, string tokenName, RSA pair)
    {
        Span<byte> privateKey = stackalloc byte[MostPrivateKey];
        try
        {
            return pair.TryExportPkcs8PrivateKey(privateKey, out int length)
                ? _root.Wrap(Domain.ImportPrivateKey(account, tokenName), privateKey[..length])
                : throw new CryptographicException("The import private key is too long.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private static bool TryUnwrap(
        RSA rsa,
        RSAEncryptionPadding padding,
        ReadOnlySpan<byte> encrypted,
        Span<byte> material,
        out int length)
    {
        try
        {
            return rsa.TryDecrypt(encrypted, material, padding, out length);
        }
        catch (CryptographicException)
        {
            length = 0;
            return false;
        }
    }

    private WrappedImport Wrap(KeyBinding binding, ReadOnlySpan<byte> material)
    {
        Span<byte> context = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Domain.Fingerprint(binding.Account, binding.KeyId), context);
        byte[] fingerprint = new byte[Xaes256Gcm.KeySize];
        using Xaes256Gcm cipher = new(material);
        cipher.Derive(FingerprintLabel, context[..Xaes256Gcm.ContextSize], fingerprint);
        return new WrappedImport(_root.Wrap(Domain.KeyMaterial(binding), material), fingerprint);
    }
}
