using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;

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
    private readonly IHsa _hsa;
    private readonly GrainHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _following;
    private readonly ILoggerFactory _log;

    private KmsNode(NodeStore store, IHsa hsa, TimeProvider time, ServerOptions options, ILoggerFactory log)
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

    /// <summary>Where all nodes spend nonces; null if there is but this one.</summary>
    public INonceLedger? Nonces => _store.Shared;

    public GrainHostOptions HostOptions { get; }

    /// <summary>Opens what is there and makes what is not.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="options">The settings.</param>
    /// <param name="pin">The hardware module's PIN, unless a file has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Owned by the node from now on.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
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
        var store = await NodeStore.OpenAsync(data, options, cancellation);
        var rootKey = options.RootKeyFile ?? data.RootKey;
        IHsa? hsa = null;
        KmsNode? node = null;
        try
        {
            var software = OpenHsa(rootKey, mayMake: options.RootKeyFile is null, takesHsmKeys: !options.Hsm.Required);
            hsa = software;
            var checkValue = software.RootKeyCheckValue;
            if (await store.FirstAsync(CheckValueName, checkValue, cancellation) != checkValue)
                throw new StartException($"{rootKey} is not the root key of {store.Name}.");
            hsa = await HardwareModule.AddAsync(software, store, options.Hsm, pin, time, log, cancellation);
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

    private static SoftwareHsa OpenHsa(string path, bool mayMake, bool takesHsmKeys)
    {
        try
        {
            using var rootKey = mayMake ? RootKeyFile.LoadOrCreate(path) : RootKeyFile.Load(path);
            return new SoftwareHsa(rootKey.Span) { TakesHsmKeys = takesHsmKeys };
        }
        catch (Exception failure)
            when (failure is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            throw new StartException(failure.Message, failure);
        }
    }
}
