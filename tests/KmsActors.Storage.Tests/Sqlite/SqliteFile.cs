using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>A database file in a directory of its own, which goes when the test ends.</summary>
public sealed class SqliteFile : IDisposable
{
    /// <summary>The columns that grains have had from the first version on.</summary>
    public const string Grains = "kind, account, name, etag, counted, owner_key_id, state";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kmsactors-store-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "kms.db");

    public Task<SqliteGrainStore> OpenAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? with = null)
    {
        var options = new SqliteStoreOptions { Path = Path };
        return SqliteGrainStore.OpenAsync(with?.Invoke(options) ?? options, CancellationToken.None);
    }

    /// <summary>A connection that knows nothing of the store.</summary>
    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Makes the file as a program of this version would.</summary>
    public void MakeVersion(int version)
    {
        var assembly = typeof(SqliteGrainStore).Assembly;
        var scripts = assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Sqlite.Migrations.", StringComparison.Ordinal));
        Run("PRAGMA journal_mode = WAL");
        foreach (var script in scripts.Order(StringComparer.Ordinal).Take(version))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(script)!);
            Run(text.ReadToEnd());
        }

        Run($"PRAGMA user_version = {version}");
    }

    /// <summary>How SQLite goes about a query.</summary>
    public IReadOnlyList<string> Plan(string query)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {query}";
        for (var i = 1; query.Contains($"?{i}", StringComparison.Ordinal); i++)
        {
            command.Parameters.AddWithValue($"?{i}", 1);
        }

        using var rows = command.ExecuteReader();
        List<string> plan = [];
        while (rows.Read()) plan.Add(rows.GetString(3));
        return plan;
    }

    public void Run(string sql)
    {
        using var connection = Connect();
        Run(connection, sql);
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, each as one text.</summary>
    public IReadOnlyList<string> Query(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        List<string> found = [];
        while (rows.Read())
        {
            var values = new object[rows.FieldCount];
            rows.GetValues(values);
            found.Add(string.Join('|', values.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : $"{v}")));
        }

        return found;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
