using System.Collections.Immutable;
using System.Security.Cryptography;

namespace KmsActors.Hsa;

/// <summary>
/// The versions of the root key that there are. One of them, the current one, wraps; each opens what it has wrapped.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class RootKeyRing : IDisposable
{
    /// <summary>Bytes of a root key.</summary>
    public const int KeySize = Xaes256Gcm.KeySize;

    // An RSA-3072 private key in PKCS#8 takes some 1800 bytes.
    private const int MostPrivateKey = 2048;

    // Another follows when all is wrapped by the one before.
    private const uint MostAhead = 2;

    private readonly Lock _changing = new();
    private volatile Keys _keys = new(ImmutableDictionary<uint, RootKey>.Empty, null);

    /// <summary>A ring of one version.</summary>
    /// <param name="key">32 bytes; copied, so the caller zeroes its own.</param>
    public static RootKeyRing Of(ReadOnlySpan<byte> key)
    {
        RootKeyRing ring = new();
        ring.Add(1, key);
        ring.Use(1);
        return ring;
    }

    /// <summary>The version that wraps.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    public uint Current => Wrapper.Version;

    /// <summary>Which versions there are.</summary>
    public IReadOnlyCollection<uint> Versions => [.. _keys.All.Keys];

    private RootKey Wrapper =>
        _keys.Current ?? throw new InvalidOperationException("There is no root key yet.");

    /// <summary>Adds a version, unless it is there.</summary>
    /// <param name="version">From 1 on.</param>
    /// <param name="key">32 bytes; copied, so the caller zeroes its own.</param>
    public void Add(uint version, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(version);
        lock (_changing)
        {
            if (!_keys.All.ContainsKey(version))
                _keys = _keys with { All = _keys.All.Add(version, new RootKey(version, new Xaes256Gcm(key))) };
        }
    }

    /// <summary>Has a version wrap from now on.</summary>
    /// <exception cref="ArgumentException">It is not there.</exception>
    public void Use(uint version)
    {
        lock (_changing)
        {
            _keys = _keys with
            {
                Current = _keys.All.GetValueOrDefault(version)
                    ?? throw new ArgumentException("There is no such version.", nameof(version)),
            };
        }
    }

    /// <summary>Forgets the versions before one, and zeroes them; calls under way finish.</summary>
    public void ForgetBefore(uint version)
    {
        lock (_changing)
        {
            Keys before = _keys;
            if (before.Current?.Version < version) throw new ArgumentException("It wraps.", nameof(version));
            RootKey[] old = [.. before.All.Values.Where(key => key.Version < version)];
            _keys = before with { All = before.All.RemoveRange(old.Select(key => key.Version)) };
            foreach (RootKey key in old)
                key.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_changing)
        {
            foreach (RootKey key in _keys.All.Values)
                key.Dispose();
        }
    }

    /// <summary>
    /// 16 hexadecimal digits that tell root keys apart and nothing else about them: what a database says of its root
    /// key that is older than versions of it.
    /// </summary>
    public static string CheckValueOf(ReadOnlySpan<byte> key)
    {
        using RootKey root = new(1, new Xaes256Gcm(key));
        return root.CheckValue();
    }

    /// <inheritdoc cref="RootKey.Wrap"/>
    internal byte[] Wrap(byte[] boundTo, ReadOnlySpan<byte> plaintext) => Wrapper.Wrap(boundTo, plaintext);

    /// <summary>
    /// Wraps what the token has wrapped by its root key of <paramref name="version"/>, by that version too, though it
    /// may not be the current one any more.
    /// </summary>
    internal byte[] WrapOfToken(byte[] boundTo, ReadOnlySpan<byte> wrapped, uint version) =>
        Require(version).Wrap(boundTo, wrapped, RootKey.TokenFormat);

    /// <summary>Wraps a pair's private key, PKCS#8, for <paramref name="boundTo"/> alone.</summary>
    internal byte[] WrapPrivateKey(byte[] boundTo, AsymmetricAlgorithm pair)
    {
        Span<byte> privateKey = stackalloc byte[MostPrivateKey];
        try
        {
            return pair.TryExportPkcs8PrivateKey(privateKey, out int length)
                ? Wrap(boundTo, privateKey[..length])
                : throw new CryptographicException("The private key is too long.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    /// <summary>Opens what was wrapped for <paramref name="boundTo"/>; the caller disposes it.</summary>
    /// <exception cref="CryptographicException">
    /// The blob is damaged, was wrapped for something else, or under a root key that is not here.
    /// </exception>
    /// <exception cref="HsaUnavailableException">It is good, and a token has wrapped what is inside.</exception>
    internal SecretBytes Unwrap(byte[] boundTo, ReadOnlySpan<byte> blob)
    {
        if (!RootKey.IsOfToken(blob))
            return Require(RootKey.VersionOf(blob)).Unwrap(boundTo, blob);
        UnwrapOfToken(boundTo, blob).Dispose();
        throw new HsaUnavailableException("The key is in a hardware module, and there is none.");
    }

    /// <summary>Opens what <see cref="WrapOfToken"/> wrapped: what is inside is for the token.</summary>
    /// <exception cref="CryptographicException">As of <see cref="Unwrap"/>.</exception>
    internal SecretBytes UnwrapOfToken(byte[] boundTo, ReadOnlySpan<byte> blob) =>
        Require(RootKey.VersionOf(blob)).Unwrap(boundTo, blob, RootKey.TokenFormat);

    /// <summary>The same under the version that wraps; the blob itself when it is.</summary>
    /// <exception cref="CryptographicException">As <see cref="Unwrap"/>.</exception>
    internal byte[] Rewrap(byte[] boundTo, byte[] blob)
    {
        RootKey wrapper = Wrapper;
        if (RootKey.VersionOf(blob) == wrapper.Version)
            return blob;
        using SecretBytes plaintext = Unwrap(boundTo, blob);
        return wrapper.Wrap(boundTo, plaintext.Span);
    }

    private RootKey Require(uint version)
    {
        Keys keys = _keys;
        if (keys.All.TryGetValue(version, out RootKey? root))
            return root;
        // A newer one another node has made, and this one will hear of it.
        uint newest = keys.All.Keys.DefaultIfEmpty().Max();
        if (version > newest && version - newest <= MostAhead)
            throw new HsaUnavailableException($"Root key version {version} is not here yet.");
        throw new CryptographicException($"The wrapped blob asks for root key version {version}.");
    }

    private sealed record Keys(ImmutableDictionary<uint, RootKey> All, RootKey? Current);
}
