using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>A statement of one connection, prepared once. Its parameters are ?1, ?2 and so on.</summary>
/// <threadsafety>None, like its connection.</threadsafety>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql)
    {
        _command = new SqliteCommand(sql, connection);
        for (var i = 1; sql.Contains($"?{i}", StringComparison.Ordinal); i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
        }

        _command.Prepare();
    }

    /// <summary>Runs it to its end; the number of rows it changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Its rows. Dispose of them before this statement is used again.</summary>
    public SqliteDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>The integer in its first row, or null when there is no row.</summary>
    public long? Number(params ReadOnlySpan<object?> values)
    {
        using var rows = Read(values);
        return rows.Read() ? rows.GetInt64(0) : null;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
