using System.Globalization;
using KmsActors.Hsa;
using KmsActors.Testing.Postgres;
using Npgsql;

namespace KmsActors.Benchmarks.Processes;

/// <summary>A PostgreSQL of its own, and nodes on it with one root key.</summary>
internal sealed class NodeCluster : IDisposable
{
    /// <summary>The schema of the nodes' tables, which is the server's default.</summary>
    private const string Schema = "kmsactors";

    // Longer than by default: a load that takes all of the machine must not be one that nobody serves.
    private const int LeaseMilliseconds = 5000;

    private readonly Lab _lab;
    private readonly PostgresCluster _database;
    private readonly NpgsqlDataSource _source;
    private readonly List<ServerProcess> _nodes = [];

    /// <param name="lab">Where the nodes' data directories are.</param>
    /// <param name="settings">More lines of the database's configuration.</param>
    public NodeCluster(Lab lab, string settings = "")
    {
        _lab = lab;
        _database = PostgresCluster.With(settings);
        _source = NpgsqlDataSource.Create($"{ConnectionString};Search Path={Schema},public;Command Timeout=600");
        var directory = Directory.CreateDirectory(lab.NewDirectory()).FullName;
        RootKey = Path.Combine(directory, "root.key");
        RootKeyFile.LoadOrCreate(RootKey).Dispose();
    }

    /// <summary>How to connect to the database.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>The file of the root key.</summary>
    public string RootKey { get; }

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    /// <summary>Starts so many nodes at once.</summary>
    public async Task StartAsync(int count, int mostActivations = 200_000) =>
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => new ServerProcess(
            _lab.NewDirectory(), mostActivations: mostActivations,
            more: ["--store", ConnectionString, $"--Kms:RootKey:File={RootKey}", $"--Kms:Cluster:LeaseMilliseconds={LeaseMilliseconds}"])))));

    /// <summary>CPU time of the database so far, all its processes.</summary>
    public async Task<double> DatabaseCpuSecondsAsync()
    {
        var server = Machine.ParentOf((int)await NumberAsync("SELECT pg_backend_pid()"));
        return Machine.CpuSecondsWithChildren(server);
    }

    /// <summary>Ends all nodes; the database stays.</summary>
    public void StopNodes()
    {
        _nodes.ForEach(node => node.Dispose());
        _nodes.Clear();
    }

    public async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads one row.</summary>
    public async Task<T> RowAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return read(reader);
    }

    /// <summary>One number.</summary>
    public Task<long> NumberAsync(string sql) =>
        RowAsync(sql, row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture));

    public void Dispose()
    {
        StopNodes();
        _source.Dispose();
        _database.Dispose();
    }
}
