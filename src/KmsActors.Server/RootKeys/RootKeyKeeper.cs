using System.Security.Cryptography;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;

namespace KmsActors.Server;

/// <summary>
/// Has the versions of the root key, which are in the database, sealed, in this node's HSA: opens them at start, takes
/// up new ones, and lets those go that are removed.
/// </summary>
/// <remarks>
/// A new version wraps nothing before all nodes have it: each looks for new ones every
/// <see cref="RefreshInterval"/>, and goes over to a version when it is <see cref="Rollout"/> old by the database's
/// clock.
/// </remarks>
internal sealed partial class RootKeyKeeper : IDisposable
{
    /// <summary>How long a version is known before it is used, where there may be other nodes.</summary>
    public static readonly TimeSpan Rollout = TimeSpan.FromSeconds(15);

    /// <summary>How often a node looks for versions, where there may be others.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    /// <summary>From what age on of a version no node wraps under another: all have looked twice since.</summary>
    public static readonly TimeSpan Settled = Rollout + (2 * RefreshInterval);

    // Of more than so many before it, none is in the token any more.
    private const int MostInToken = 16;

    private readonly NodeStore _store;
    private readonly RootKeyCustody _custody;
    private readonly Token? _token;
    private readonly ILogger<RootKeyKeeper> _log;

    private RootKeyKeeper(NodeStore store, RootKeyCustody custody, Token? token, ILogger<RootKeyKeeper> log)
    {
        _store = store;
        _custody = custody;
        _token = token;
        _log = log;
    }

    /// <summary>The versions. An HSA owns it from the moment it is given it.</summary>
    public RootKeyRing Ring { get; } = new();

    /// <summary>What seals them.</summary>
    public string CustodyName => _custody.Name;

    /// <summary>Where they are kept, and what needs which.</summary>
    public IRootKeyTable Table => _store.RootKeys;

    /// <summary>
    /// Opens the versions that the database has, or makes the first. The token has one of each, too.
    /// </summary>
    /// <param name="store">The database.</param>
    /// <param name="token">The token, if there is one.</param>
    /// <param name="options">What keeps the root key.</param>
    /// <param name="data">Where it is kept if nothing is named.</param>
    /// <param name="log">Makes the log.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="isCopy">Whether the database has to have been in service: it is made no root key.</param>
    /// <exception cref="RootKeyException">
    /// They are sealed by something else than the settings name. Nothing has been changed then.
    /// </exception>
    /// <exception cref="StartException">What keeps the root key cannot be used. The same.</exception>
    public static async Task<RootKeyKeeper> OpenAsync(
        NodeStore store,
        Token? token,
        ServerOptions options,
        DataDirectory data,
        ILoggerFactory log,
        CancellationToken cancellation,
        bool isCopy = false)
    {
        var keys = await store.RootKeys.RootKeysAsync(cancellation);
        var onlyKey = keys.Count == 0 ? await store.GetMetaAsync(OnlyRootKey.CheckValueName, cancellation) : null;
        if (isCopy && keys.Count == 0 && onlyKey is null)
            throw new RootKeyException($"{store.Name} has no root key.");
        var custody = Custodies.Open(
            options.RootKey, token, data, mayMake: keys.Count == 0 && onlyKey is null);
        var keeper = new RootKeyKeeper(store, custody, token, log.CreateLogger<RootKeyKeeper>());
        try
        {
            if (keys.Count == 0)
            {
                var first = onlyKey is null
                    ? keeper.MakeSealed(1)
                    : OnlyRootKey.Adopt(custody, onlyKey, Custodies.NameOf(options.RootKey, data), store.Name);
                await keeper.Table.AddRootKeyAsync(1, first, cancellation);
                keys = await keeper.Table.RootKeysAsync(cancellation);
            }

            if (options.FormerRootKey is { } former && !keeper.CanOpen(keys))
            {
                await keeper.ResealAsync(keys, former, token, data, cancellation);
                keys = await keeper.Table.RootKeysAsync(cancellation);
            }

            keeper.Take(keys);
            foreach (var key in keys) await keeper.EnsureInTokenAsync(key.Version, cancellation);
            return keeper;
        }
        catch (Exception failure)
        {
            keeper.Ring.Dispose();
            keeper.Dispose();
            if (failure is RootKeySealedException)
            {
                var name = Custodies.NameOf(options.RootKey, data);
                throw new RootKeyException(
                    $"{name} does not open the root key of {store.Name}. {failure.Message}", failure);
            }

            if (failure is HsaUnavailableException or CryptographicException)
                throw new StartException(failure.Message, failure);
            throw;
        }
    }

    /// <summary>Keeps up with what other nodes do to the versions until cancelled.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(RefreshInterval, time, cancellation);
            try
            {
                await RefreshAsync(cancellation);
            }
            catch (StoreUnavailableException)
            {
                // Then nothing else is served either, and it is said elsewhere.
            }
            catch (RootKeySealedException sealedOtherwise)
            {
                LogSealedOtherwise(sealedOtherwise.Message);
            }
        }
    }

    /// <summary>Takes up what there is now; all versions, oldest first.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    /// <exception cref="RootKeySealedException">A new one is sealed by what this node was not started with.</exception>
    public async Task<IReadOnlyList<StoredRootKey>> RefreshAsync(CancellationToken cancellation)
    {
        var keys = await Table.RootKeysAsync(cancellation);
        Take(keys);
        return keys;
    }

    /// <summary>
    /// Makes another version, which wraps as soon as all nodes have it; null while there is more than one.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer; it may have been made.</exception>
    /// <exception cref="HsaUnavailableException">The token is away.</exception>
    public async Task<long?> RotateAsync(CancellationToken cancellation)
    {
        if (await RefreshAsync(cancellation) is not [var only]) return null;
        var next = only.Version + 1;
        await EnsureInTokenAsync(next, cancellation);
        var isNew = await Table.AddRootKeyAsync(next, MakeSealed(next), cancellation);
        await RefreshAsync(cancellation);
        if (isNew) LogMade(next);
        return isNew ? next : null;
    }

    /// <summary>
    /// Destroys the versions before one, here and in the database; false while anything needs one, or a node may still
    /// wrap under one.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer; it may have been done.</exception>
    /// <exception cref="HsaUnavailableException">It is done but for the token, which is away.</exception>
    public async Task<bool> RetireBeforeAsync(long version, CancellationToken cancellation)
    {
        var keys = await RefreshAsync(cancellation);
        // To remove what is not there would keep everybody from writing for a moment, too.
        if (keys[0].Version < version)
        {
            var isSettled = _store.Shared is null || keys.Any(key => key.Version == version && key.Age >= Settled);
            if (!isSettled || !await Table.RemoveRootKeysBeforeAsync(version, cancellation)) return false;
            await RefreshAsync(cancellation);
            LogRetired(version);
        }

        // Again and again, should the token have been away: it is done when it is there.
        for (var old = Math.Max(1, version - MostInToken); old < version; old++)
            _token?.DestroyRootKey((uint)old);
        return true;
    }

    public void Dispose() => _custody.Dispose();

    private async ValueTask EnsureInTokenAsync(long version, CancellationToken cancellation)
    {
        if (_token is not null) await HardwareModule.EnsureRootKeyAsync(_token, _store, version, cancellation);
    }

    private byte[] MakeSealed(long version)
    {
        using var key = SecretBytes.OfLength(RootKeyRing.KeySize);
        RandomNumberGenerator.Fill(key.Writable);
        return _custody.Seal((uint)version, key.Span);
    }

    private void Take(IReadOnlyList<StoredRootKey> keys)
    {
        foreach (var stored in keys.Where(key => !Ring.Versions.Contains((uint)key.Version)))
        {
            using var key = _custody.Open((uint)stored.Version, stored.Sealed);
            Ring.Add((uint)stored.Version, key.Span);
        }

        var current = keys.LastOrDefault(key => _store.Shared is null || key.Age >= Rollout) ?? keys[0];
        Ring.Use((uint)current.Version);
        Ring.ForgetBefore((uint)keys[0].Version);
    }

    private bool CanOpen(IReadOnlyList<StoredRootKey> keys)
    {
        try
        {
            foreach (var stored in keys) _custody.Open((uint)stored.Version, stored.Sealed).Dispose();
            return true;
        }
        catch (RootKeySealedException)
        {
            return false;
        }
    }

    private async Task ResealAsync(
        IReadOnlyList<StoredRootKey> keys,
        RootKeyOptions former,
        Token? token,
        DataDirectory data,
        CancellationToken cancellation)
    {
        using var custody = Custodies.Open(former, token, data, mayMake: false);
        List<ResealedRootKey> resealed = [];
        foreach (var stored in keys)
        {
            using var key = custody.Open((uint)stored.Version, stored.Sealed);
            resealed.Add(new(stored.Version, stored.Sealed, _custody.Seal((uint)stored.Version, key.Span)));
        }

        // Another node that is started just now may be faster, and has done the same.
        if (await Table.ResealRootKeysAsync(resealed, cancellation)) LogResealed(custody.Name, _custody.Name);
    }
}
