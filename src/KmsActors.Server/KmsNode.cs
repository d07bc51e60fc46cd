using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Sqlite;

namespace KmsActors.Server;

/// <summary>
/// All that stands behind the protocols, put together: store, root key, HSA, grain host. Nothing is listening yet
/// when it is open, and nothing any more when it is closed.
/// </summary>
internal sealed class KmsNode : IAsyncDisposable
{
    private const string CheckValueName = "root-key-check-value";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly NodeStore _store;
    private readonly SoftwareHsa _hsa;
    private readonly GrainHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _following;
    private readonly ILoggerFactory _log;

    private KmsNode(NodeStore store, SoftwareHsa hsa, TimeProvider time, ServerOptions options, ILoggerFactory log)
    {
        _store = store;
        _hsa = hsa;
        _log = log;
        HostOptions = new GrainHostOptions
        {
            MostActivations = options.MostActivations,
            Coherence = options.Cluster.ToCoherence(),
        };
        _host = new GrainHost(store.Grains, time, HostOptions, store.Shared, log.CreateLogger<GrainHost>());
        Kms = new Kms(_host, store.Listings, hsa, time, options.Limits)
        {
            Region = options.Region,
            DefaultKeyServices = options.DefaultKeyServices,
            Rates = new RateLimits(time, isShared: store.Shared is not null),
        };
        _following = store.Shared is null
            ? []
            : [_host.FollowAsync(_stop.Token), new SharedLimits(Kms.Rates, store.Shared, time).RunAsync(_stop.Token)];
    }

    public Kms Kms { get; }

    public IGrainStore Store => _store.Grains;

    /// <summary>The store, if it is SQLite; else null.</summary>
    public SqliteGrainStore? Own => _store.Own;

    /// <summary>Where all nodes spend nonces; null if there is but this one.</summary>
    public INonceLedger? Nonces => _store.Shared;

    public GrainHostOptions HostOptions { get; }

    /// <summary>Opens what is there and makes what is not.</summary>
    /// <param name="data">Where the root key is, and the database.</param>
    /// <param name="copy">Another database to open in its stead, which has to have been in service; or null.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Makes the logs; disposed of with the node.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RootKeyException">The database and the root key do not belong together.</exception>
    /// <exception cref="StartException">The database or the root key cannot be used.</exception>
    public static async Task<KmsNode> OpenAsync(
        DataDirectory data,
        string? copy,
        ServerOptions options,
        TimeProvider time,
        ILoggerFactory log,
        CancellationToken cancellation)
    {
        var store = await NodeStore.OpenAsync(copy ?? data.Database, options, cancellation);
        var rootKey = options.RootKeyFile ?? data.RootKey;
        SoftwareHsa? hsa = null;
        KmsNode? node = null;
        try
        {
            hsa = OpenHsa(rootKey, mayMake: options.RootKeyFile is null);
            if (!await FitsAsync(store, hsa, isNew: copy is null, cancellation))
                throw new RootKeyException($"{rootKey} is not the root key of {store.Name}.");
            node = new KmsNode(store, hsa, time, options, log);
            await node.UntilServingAsync(cancellation);
            return node;
        }
        catch
        {
            if (node is not null)
            {
                await node.DisposeAsync();
                throw;
            }

            hsa?.Dispose();
            await store.DisposeAsync();
            log.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The others are told first: they need not wait for this node any more.
        await _stop.CancelAsync();
        foreach (var following in _following) await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _host.Dispose();
        await _store.DisposeAsync();
        _hsa.Dispose();
        _log.Dispose();
    }

    /// <summary>Whether what is in the database is wrapped with this root key.</summary>
    /// <param name="store">The database.</param>
    /// <param name="hsa">What holds the root key.</param>
    /// <param name="isNew">Whether a database that has had none takes this one.</param>
    /// <param name="cancellation">Gives up.</param>
    private static async Task<bool> FitsAsync(
        NodeStore store, SoftwareHsa hsa, bool isNew, CancellationToken cancellation)
    {
        var expected = Encoding.ASCII.GetBytes(hsa.RootKeyCheckValue);
        var stored = isNew
            ? await store.SetMetaIfAbsentAsync(CheckValueName, expected, cancellation)
            : await store.Own!.GetMetaAsync(CheckValueName, cancellation);
        return stored.AsSpan().SequenceEqual(expected);
    }

    private async Task UntilServingAsync(CancellationToken cancellation)
    {
        var time = Kms.Time;
        var begun = time.GetTimestamp();
        while (!_host.MayServe)
        {
            if (time.GetElapsedTime(begun) > LongestStart)
                throw new StartException($"The changes of other nodes cannot be read from {_store.Name}.");
            await Task.Delay(HostOptions.Coherence.BusyPollInterval, time, cancellation);
        }
    }

    private static SoftwareHsa OpenHsa(string path, bool mayMake)
    {
        try
        {
            using var rootKey = mayMake ? RootKeyFile.LoadOrCreate(path) : RootKeyFile.Load(path);
            return new SoftwareHsa(rootKey.Span);
        }
        catch (Exception failure)
            when (failure is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            throw new StartException(failure.Message, failure);
        }
    }
}
