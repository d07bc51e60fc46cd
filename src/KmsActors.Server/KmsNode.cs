using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server;

/// <summary>
/// All that stands behind the protocols, put together on one data directory: store, root key, HSA, grain
/// host. Nothing is listening yet when it is open, and nothing any more when it is closed.
/// </summary>
internal sealed class KmsNode : IAsyncDisposable
{
    private const string CheckValueName = "root-key-check-value";

    private readonly SqliteGrainStore _store;
    private readonly SoftwareHsa _hsa;
    private readonly GrainHost _host;

    private KmsNode(SqliteGrainStore store, SoftwareHsa hsa, TimeProvider time, ServerOptions options)
    {
        _store = store;
        _hsa = hsa;
        HostOptions = new GrainHostOptions { MostActivations = options.MostActivations };
        _host = new GrainHost(store, time, HostOptions);
        Kms = new Kms(_host, store, hsa, time, options.Limits)
        {
            Region = options.Region,
            DefaultKeyServices = options.DefaultKeyServices,
        };
    }

    public Kms Kms { get; }

    public IGrainStore Store => _store;

    public GrainHostOptions HostOptions { get; }

    /// <summary>Opens what is there and makes what is not.</summary>
    /// <exception cref="StartException">
    /// The database or the root key cannot be used, or they do not belong together.
    /// </exception>
    public static async Task<KmsNode> OpenAsync(
        DataDirectory data, ServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var store = await OpenStoreAsync(data, cancellation);
        try
        {
            var hsa = OpenHsa(data);
            var expected = Encoding.ASCII.GetBytes(hsa.RootKeyCheckValue);
            var stored = await store.SetMetaIfAbsentAsync(CheckValueName, expected, cancellation);
            if (stored.AsSpan().SequenceEqual(expected)) return new KmsNode(store, hsa, time, options);
            hsa.Dispose();
            throw new StartException($"{data.RootKey} is not the root key of {data.Database}.");
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _store.DisposeAsync();
        _hsa.Dispose();
    }

    private static async Task<SqliteGrainStore> OpenStoreAsync(DataDirectory data, CancellationToken cancellation)
    {
        try
        {
            return await SqliteGrainStore.OpenAsync(new SqliteStoreOptions { Path = data.Database }, cancellation);
        }
        catch (Exception failure) when (failure is SqliteException or NotSupportedException)
        {
            throw new StartException($"The database {data.Database} cannot be used: {failure.Message}", failure);
        }
    }

    private static SoftwareHsa OpenHsa(DataDirectory data)
    {
        try
        {
            using var rootKey = RootKeyFile.LoadOrCreate(data.RootKey);
            return new SoftwareHsa(rootKey.Span);
        }
        catch (Exception failure)
            when (failure is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            throw new StartException(failure.Message, failure);
        }
    }
}
