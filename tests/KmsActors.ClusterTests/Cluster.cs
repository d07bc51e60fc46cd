using System.Globalization;
using KmsActors.Hsa;
using Npgsql;

namespace KmsActors.ClusterTests;

/// <summary>Nodes on one schema of one database, with one root key.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kmsactors-cluster-");
    private readonly List<Node> _nodes = [];
    private readonly NpgsqlDataSource _source;

    public Cluster(PostgresCluster database, string schema)
    {
        (Database, Schema) = (database, schema);
        RootKey = Path.Combine(_directory.FullName, "root.key");
        RootKeyFile.LoadOrCreate(RootKey).Dispose();
        _source = NpgsqlDataSource.Create($"{database.ConnectionString};Search Path={schema};Pooling=False");
    }

    public PostgresCluster Database { get; }

    public string Schema { get; }

    public string RootKey { get; }

    /// <summary>Settings of its nodes, as on a command line.</summary>
    public string[] Settings { get; init; } = [];

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Starts three nodes at once.</summary>
    public static async Task<Cluster> StartAsync(PostgresCluster database, string schema, params string[] settings)
    {
        var cluster = new Cluster(database, schema) { Settings = settings };
        for (var i = 0; i < Size; i++) cluster._nodes.Add(new Node(cluster, i));
        await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync()));
        return cluster;
    }

    /// <summary>Starts one more.</summary>
    public async Task<Node> AddAsync()
    {
        var node = new Node(this, _nodes.Count);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    /// <summary>Reads rows of the cluster's own tables.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>One number.</summary>
    public async Task<long> NumberAsync(string sql) => (await RowsAsync(
        sql, row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture))).Single();

    public async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Has the database break the nodes' connections.</summary>
    public Task CutConnectionsAsync() => RunAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kmsactors'");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) node.Dispose();
        await _source.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
