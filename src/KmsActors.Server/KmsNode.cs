using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Postgres;

namespace KmsActors.Server;

/// <summary>
/// All that stands behind the protocols, put together: store, root key, HSA, grain host. Nothing is listening yet
/// when it is open, and nothing any more when it is closed.
/// </summary>
internal sealed class KmsNode : IAsyncDisposable
{
    private const string CheckValueName = "root-key-check-value";

    private const int NameBytes = 4;

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

    /// <summary>What it is called where nodes are told apart: its machine, and which of its processes.</summary>
    public string Name { get; } =
        $"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}";

    /// <summary>What came of jobs.</summary>
    public IJobLedger Ledger => _store.Ledger;

    /// <summary>All there is, for jobs.</summary>
    public IStoreScan Scan => _store.Scan;

    /// <summary>The database that it shares with other nodes; null if it has one of its own.</summary>
    public PostgresGrainStore? Shared => _store.Shared;

    public GrainHostOptions HostOptions { get; }

    /// <summary>Opens what is there and makes what is not.</summary>
    /// <exception cref="StartException">
    /// The database or the root key cannot be used, or they do not belong together.
    /// </exception>
    public static async Task<KmsNode> OpenAsync(
        DataDirectory data,
        ServerOptions options,
        TimeProvider time,
        ILoggerFactory log,
        CancellationToken cancellation)
    {
        var store = await NodeStore.OpenAsync(data, options, cancellation);
        var rootKey = options.RootKeyFile ?? data.RootKey;
        SoftwareHsa? hsa = null;
        KmsNode? node = null;
        try
        {
            hsa = OpenHsa(rootKey, mayMake: options.RootKeyFile is null);
            var expected = Encoding.ASCII.GetBytes(hsa.RootKeyCheckValue);
            var stored = await store.SetMetaIfAbsentAsync(CheckValueName, expected, cancellation);
            if (!stored.AsSpan().SequenceEqual(expected))
                throw new StartException($"{rootKey} is not the root key of {store.Name}.");
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
