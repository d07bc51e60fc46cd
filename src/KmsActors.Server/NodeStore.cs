using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Storage;
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
    /// <param name="data">Where the root key is if the options name none.</param>
    /// <param name="options">What else they say.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RootKeyException">It would have to be migrated, and has another root key.</exception>
    /// <exception cref="StartException">It cannot be used.</exception>
    public static Task<NodeStore> OpenAsync(
        string path, DataDirectory data, ServerOptions options, CancellationToken cancellation)
    {
        var name = options.Store is null ? path : "the database that --store names";
        var guard = OnlyRootKey.Guard(options.RootKey, data, name);
        return options.Store is null
            ? OpenOwnAsync(path, guard, cancellation)
            : OpenSharedAsync(options, name, guard, cancellation);
    }

    /// <summary>What the database knows by a name: the value that was first given for it.</summary>
    public async ValueTask<string> FirstAsync(string name, string value, CancellationToken cancellation) =>
        Encoding.ASCII.GetString(await SetMetaIfAbsentAsync(name, Encoding.ASCII.GetBytes(value), cancellation));

    public ValueTask DisposeAsync() => ((IAsyncDisposable)Grains).DisposeAsync();

    private static async Task<NodeStore> OpenOwnAsync(
        string path, MigrationGuard guard, CancellationToken cancellation)
    {
        try
        {
            var store = await SqliteGrainStore.OpenAsync(
                new SqliteStoreOptions { Path = path, Guard = guard }, cancellation);
            return new NodeStore(
                path, store, store, store, store, store, store.GetMetaAsync, store.SetMetaIfAbsentAsync, null);
        }
        catch (Exception failure) when (failure is SqliteException or NotSupportedException)
        {
            throw new StartException($"The database {path} cannot be used: {failure.Message}", failure);
        }
    }

    private static async Task<NodeStore> OpenSharedAsync(
        ServerOptions options, string name, MigrationGuard guard, CancellationToken cancellation)
    {
        try
        {
            var store = await PostgresGrainStore.OpenAsync(
                new PostgresStoreOptions
                {
                    ConnectionString = options.Store!,
                    Schema = options.Cluster.Schema,
                    MostConnections = options.Cluster.StoreConnections,
                    Guard = guard,
                },
                cancellation);
            return new NodeStore(
                name, store, store, store, store, store, store.GetMetaAsync,
                store.SetMetaIfAbsentAsync, store);
        }
        catch (Exception failure)
            when (failure is StoreUnavailableException or NotSupportedException or ArgumentException)
        {
            // What the driver says names a host or a user, and no password.
            var why = failure.InnerException?.Message ?? failure.Message;
            throw new StartException($"{char.ToUpperInvariant(name[0])}{name[1..]} cannot be used: {why}", failure);
        }
    }
}
