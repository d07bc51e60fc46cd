using KmsActors.Storage.Postgres;
using KmsActors.Testing.Postgres;
using Npgsql;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>A schema of a test's own. It stays until the server goes, at the end of all tests.</summary>
public sealed class PostgresSchema(PostgresCluster? cluster = null)
{
    private static int s_last;

    private readonly PostgresCluster _cluster = cluster ?? PostgresCluster.Shared;

    public string Name { get; } = $"test_{Interlocked.Increment(ref s_last)}";

    public PostgresStoreOptions Options => new()
    {
        ConnectionString = $"{_cluster.ConnectionString};Application Name={Name}",
        Schema = Name,
        MostConnections = 16,
    };

    public Task<PostgresGrainStore> OpenAsync(Func<PostgresStoreOptions, PostgresStoreOptions>? with = null) =>
        PostgresGrainStore.OpenAsync(with?.Invoke(Options) ?? Options, CancellationToken.None);

    /// <summary>A connection that knows nothing of the store.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"{_cluster.ConnectionString};Search Path={Name};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Returns when so many connections of the stores wait for a lock.</summary>
    public async Task WaitForLocksAsync(int waiting)
    {
        await using var connection = await ConnectAsync();
        for (var tries = 0; ; tries++)
        {
            var found = await QueryAsync(
                connection,
                "SELECT count(*) FROM pg_stat_activity"
                + $" WHERE application_name = '{Name}' AND wait_event_type = 'Lock'");
            if (found[0] == $"{waiting}") return;
            Assert.InRange(tries, 0, 1000);
            await Task.Delay(10);
        }
    }

    /// <summary>Ends the connections of the stores, idle or not.</summary>
    public Task CutAsync() => RunAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{Name}'");

    public async Task RunAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await RunAsync(connection, sql);
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, each as one text.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        return await QueryAsync(connection, sql);
    }

    public static async Task<IReadOnlyList<string>> QueryAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> found = [];
        while (await rows.ReadAsync())
        {
            var values = new object[rows.FieldCount];
            rows.GetValues(values);
            found.Add(string.Join('|', values.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : $"{v}")));
        }

        return found;
    }
}
