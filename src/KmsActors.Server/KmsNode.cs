using System.Security.Cryptography;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Hsa.Pkcs11;
using KmsActors.Operations;
using KmsActors.Storage.Postgres;
using KmsActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsActors.Server;

/// <summary>
/// All that stands behind the protocols, put together: store, root key, HSA, grain host. Nothing is listening yet
/// when it is open, and nothing any more when it is closed.
/// </summary>
internal sealed class KmsNode : IAsyncDisposable
{
    private const int NameBytes = 4;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly NodeStore _store;
    private readonly Token? _token;
    private readonly IHsa _hsa;
    private readonly GrainHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _following;
    private readonly ILoggerFactory _log;

    private KmsNode(
        NodeStore store,
        RootKeyKeeper rootKeys,
        Token? token,
        TimeProvider time,
        ServerOptions options,
        ILoggerFactory log)
    {
        _store = store;
        RootKeys = rootKeys;
        _token = token;
        var software = new SoftwareHsa(rootKeys.Ring) { TakesHsmKeys = !options.Hsm.Required };
        _hsa = token is null ? software : new Pkcs11Hsa(software, token);
        _log = log;
        HostOptions = new GrainHostOptions
        {
            MostActivations = options.MostActivations,
            Coherence = options.Cluster.ToCoherence(),
        };
        _host = new GrainHost(store.Grains, time, HostOptions, store.Shared, log.CreateLogger<GrainHost>());
        Kms = new Kms(_host, store.Listings, _hsa, time, options.Limits)
        {
            Region = options.Region,
            DefaultKeyServices = options.DefaultKeyServices,
            Rates = new RateLimits(time, isShared: store.Shared is not null),
        };
        _following = store.Shared is null
            ? []
            :
            [
                _host.FollowAsync(_stop.Token),
                new SharedLimits(Kms.Rates, store.Shared, time).RunAsync(_stop.Token),
                rootKeys.RunAsync(time, _stop.Token),
            ];
    }

    public Kms Kms { get; }

    public IGrainStore Store => _store.Grains;

    public RootKeyKeeper RootKeys { get; }

    /// <summary>What it is called where nodes are told apart: its machine, and which of its processes.</summary>
    public string Name { get; } =
        $"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}";

    /// <summary>What came of jobs.</summary>
    public IJobLedger Ledger => _store.Ledger;

    /// <summary>All there is, for jobs.</summary>
    public IStoreScan Scan => _store.Scan;

    /// <summary>The database that it shares with other nodes; null if it has one of its own.</summary>
    public PostgresGrainStore? Shared => _store.Shared;

    /// <summary>The store, if it is SQLite; else null.</summary>
    public SqliteGrainStore? Own => _store.Own;

    public GrainHostOptions HostOptions { get; }

    /// <summary>Opens what is there and makes what is not.</summary>
    /// <param name="data">Where the root key is, and the database.</param>
    /// <param name="options">The settings.</param>
    /// <param name="pin">The hardware module's PIN, unless a file has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Makes the logs; disposed of with the node.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RootKeyException">The database and the root key do not belong together.</exception>
    /// <exception cref="StartException">
    /// The database, the root key or the hardware module cannot be used, or they do not belong together.
    /// </exception>
    public static async Task<KmsNode> OpenAsync(
        DataDirectory data,
        ServerOptions options,
        string? pin,
        TimeProvider time,
        ILoggerFactory log,
        CancellationToken cancellation)
    {
        var store = await NodeStore.OpenAsync(data.Database, data, options, cancellation);
        Token? token = null;
        KmsNode? node = null;
        try
        {
            token = await HardwareModule.OpenAsync(options.Hsm, store, pin, time, log, cancellation);
            var rootKeys = await RootKeyKeeper.OpenAsync(store, token, options, data, log, cancellation);
            node = new KmsNode(store, rootKeys, token, time, options, log);
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

            token?.Dispose();
            await store.DisposeAsync();
            log.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens another database with the root key of this one, to see whether that can be: it has to have been in
    /// service.
    /// </summary>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<KmsNode> OpenCopyAsync(
        string copy, DataDirectory data, ServerOptions options, CancellationToken cancellation)
    {
        var store = await NodeStore.OpenAsync(copy, data, options, cancellation);
        try
        {
            await HardwareModule.RequireServiceAsync(_token, store, cancellation);
            var rootKeys = await RootKeyKeeper.OpenAsync(
                store, _token, options, data, NullLoggerFactory.Instance, cancellation, isCopy: true);
            // The token is this node's, and not needed for what is in software.
            return new KmsNode(store, rootKeys, null, Kms.Time, options, NullLoggerFactory.Instance);
        }
        catch
        {
            await store.DisposeAsync();
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
        RootKeys.Dispose();
        _log.Dispose();
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
}
