using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace KmsActors.Benchmarks.Processes;

/// <summary>
/// PostgreSQL's store, but new keys are copied into its tables by the thousands: rows as commits would leave them,
/// without the commits and their audit records. Nobody else may write meanwhile.
/// </summary>
internal sealed class KeyCopier : IGrainStore, IAsyncDisposable
{
    private const int RowsACopy = 10_000;

    private readonly NpgsqlConnection _connection;
    private readonly SemaphoreSlim _copying = new(1, 1);
    private readonly Lock _lock = new();
    private List<GrainWrite> _keys = [];

    private KeyCopier(PostgresGrainStore database, NpgsqlConnection connection) =>
        (Database, _connection) = (database, connection);

    public PostgresGrainStore Database { get; }

    public static async Task<KeyCopier> OpenAsync(string connectionString)
    {
        var store = await PostgresGrainStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = connectionString }, default);
        var connection = new NpgsqlConnection($"{connectionString};Search Path=kmsactors;Command Timeout=600");
        await connection.OpenAsync();
        return new KeyCopier(store, connection);
    }

    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) =>
        id.Kind == GrainKind.Cmk ? new((StoredGrain?)null) : Database.LoadAsync(id, cancellation);

    public async ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
    {
        if (commit.Writes is not [{ Id.Kind: GrainKind.Cmk } key]) return await Database.CommitAsync(commit, cancellation);
        List<GrainWrite>? full = null;
        lock (_lock)
        {
            _keys.Add(key);
            if (_keys.Count == RowsACopy) (full, _keys) = (_keys, []);
        }

        if (full is not null) await CopyAsync(full);
        return new CommitResult(CommitStatus.Committed, 1, []);
    }

    public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation) =>
        Database.DueRemindersAsync(now, most, cancellation);

    /// <summary>Copies the rest, and counts.</summary>
    public async ValueTask DisposeAsync()
    {
        await CopyAsync(_keys);
        await using (var count = new NpgsqlCommand(
            """
            INSERT INTO counts (account, kind, count) SELECT account, 3, count(*) FROM keys GROUP BY account
            ON CONFLICT (account, kind) DO UPDATE SET count = excluded.count
            """,
            _connection))
        {
            await count.ExecuteNonQueryAsync();
        }

        await _connection.DisposeAsync();
        await Database.DisposeAsync();
        _copying.Dispose();
    }

    private async Task CopyAsync(List<GrainWrite> keys)
    {
        await _copying.WaitAsync();
        try
        {
            await CopyAsync(
                "COPY grains (kind, account, name, etag, counted, state, root_key_version) FROM STDIN (FORMAT BINARY)",
                keys,
                async (row, key) =>
                {
                    await row.WriteAsync((short)key.Id.Kind, NpgsqlDbType.Smallint);
                    await row.WriteAsync(key.Id.Account, NpgsqlDbType.Text);
                    await row.WriteAsync(key.Id.Name, NpgsqlDbType.Text);
                    await row.WriteAsync(1L, NpgsqlDbType.Bigint);
                    await row.WriteAsync(true, NpgsqlDbType.Boolean);
                    await row.WriteAsync(key.Change!.State!, NpgsqlDbType.Bytea);
                    await row.WriteAsync(1L, NpgsqlDbType.Bigint);
                });
            await CopyAsync(
                """
                COPY keys (account, key_id, created_at, key_state, key_spec, key_usage, protection_level, alias,
                    enterprise_project) FROM STDIN (FORMAT BINARY)
                """,
                keys,
                async (row, key) =>
                {
                    var listing = (KeyListing)key.Change!.Listing!;
                    await row.WriteAsync(key.Id.Account, NpgsqlDbType.Text);
                    await row.WriteAsync(key.Id.Name, NpgsqlDbType.Text);
                    await row.WriteAsync(listing.CreatedAt.UtcTicks, NpgsqlDbType.Bigint);
                    await row.WriteAsync((short)listing.KeyState, NpgsqlDbType.Smallint);
                    await row.WriteAsync((short)listing.Spec, NpgsqlDbType.Smallint);
                    await row.WriteAsync((short)listing.Usage, NpgsqlDbType.Smallint);
                    await row.WriteAsync((short)listing.ProtectionLevel, NpgsqlDbType.Smallint);
                    await row.WriteAsync(listing.Alias, NpgsqlDbType.Text);
                    await row.WriteAsync(listing.EnterpriseProject, NpgsqlDbType.Text);
                });
        }
        finally
        {
            _copying.Release();
        }
    }

    private async Task CopyAsync(
        string into, List<GrainWrite> keys, Func<NpgsqlBinaryImporter, GrainWrite, Task> write)
    {
        await using var rows = await _connection.BeginBinaryImportAsync(into);
        foreach (var key in keys)
        {
            await rows.StartRowAsync();
            await write(rows, key);
        }

        await rows.CompleteAsync();
    }
}
