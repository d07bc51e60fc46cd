using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server;

/// <summary>The store of a node, whichever it is, with all that it can do.</summary>
/// <param name="Name">What to call it in messages; no secret is in it.</param>
/// <param name="Grains">Grains and reminders.</param>
/// <param name="Listings">Listings.</param>
/// <param name="RootKeys">The versions of the root key.</param>
/// <param name="Ledger">Runs of jobs.</param>
/// <param name="Scan">All there is, for jobs.</param>
/// <param name="GetMetaAsync">A value of the database as a whole, or null.</param>
/// <param name="SetMetaIfAbsentAsync">Sets a value of the database unless it has one; the one it has.</param>
/// <param name="Shared">What it has for many nodes; null if it is one node's alone.</param>
internal sealed record NodeStore(
    string Name,
    IGrainStore Grains,
    IListings Listings,
    IRootKeyTable RootKeys,
    IJobLedger Ledger,
    IStoreScan Scan,
    Func<string, CancellationToken, ValueTask<byte[]?>> GetMetaAsync,
    Func<string, byte[], CancellationToken, ValueTask<byte[]>> SetMetaIfAbsentAsync,
    PostgresGrainStore? Shared) : IAsyncDisposable
{
    /// <summary>The same if it is one node's alone, else null.</summary>
    public SqliteGrainStore? Own => Grains as SqliteGrainStore;

    /// <summary>Opens the database that the options name, making or migrating it as needed.</summary>
    /// <param name="path">Where SQLite's is.</param>
    /// <param name="options">What else they say.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">It cannot be used.</exception>
    public static Task<NodeStore> OpenAsync(string path, ServerOptions options, CancellationToken cancellation) =>
        options.Store is null ? OpenOwnAsync(path, cancellation) : OpenSharedAsync(options, cancellation);

    /// <summary>What the database knows by a name: the value that was first given for it.</summary>
    public async ValueTask<string> FirstAsync(string name, string value, CancellationToken cancellation) =>
        Encoding.ASCII.GetString(await SetMetaIfAbsentAsync(name, Encoding.ASCII.GetBytes(value), cancellation));

    public ValueTask DisposeAsync() => ((IAsyncDisposable)Grains).DisposeAsync();

    private static async Task<NodeStore> OpenOwnAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var store = await SqliteGrainStore.OpenAsync(
                new SqliteStoreOptions { Path = path }, cancellation);
            return new NodeStore(
                path, store, store, store, store, store, store.GetMetaAsync, store.SetMetaIfAbsentAsync, null);
        }
        catch (Exception failure) when (failure is SqliteException or NotSupportedException)
        {
            throw new StartException($"The database {path} cannot be used: {failure.Message}", failure);
        }
    }

    private static async Task<NodeStore> OpenSharedAsync(ServerOptions options, CancellationToken cancellation)
    {
        const string name = "that --store names";
        try
        {
            var store = await PostgresGrainStore.OpenAsync(
                new PostgresStoreOptions
                {
                    ConnectionString = options.Store!,
                    Schema = options.Cluster.Schema,
                    MostConnections = options.Cluster.StoreConnections,
                },
                cancellation);
            return new NodeStore(
                $"the database {name}", store, store, store, store, store, store.GetMetaAsync,
                store.SetMetaIfAbsentAsync, store);
        }
        catch (Exception failure)
            when (failure is StoreUnavailableException or NotSupportedException or ArgumentException)
        {
            // What the driver says names a host or a user, and no password.
            var why = failure.InnerException?.Message ?? failure.Message;
            throw new StartException($"The database {name} cannot be used: {why}", failure);
        }
    }
}
