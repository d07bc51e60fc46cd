using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>Brings a database to the schema this program works with.</summary>
internal static class Migrations
{
    private const string Prefix = "KmsActors.Storage.Postgres.Migrations.";

    // From this version on a database has it.
    private const int RootKeyTable = 9;

    /// <summary>Applies what the database lacks, all or nothing. Others that would do the same wait.</summary>
    /// <exception cref="NotSupportedException">
    /// The database is of a newer program, or cannot keep what this one promises.
    /// </exception>
    public static async Task ApplyAsync(PostgresStoreOptions options, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(Server.Settings(options, 1))
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            // Others may be at it, and a table may be large.
            CommandTimeout = 0,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync("SET LOCAL statement_timeout = 0");
        await RequireAsync("server_encoding", value => value == "UTF8", "have the encoding UTF8");
        // A commit that is acknowledged is there for good.
        await RequireAsync("synchronous_commit", value => value != "off", "commit synchronously");
        await RunAsync($"SELECT pg_advisory_xact_lock(hashtext('kmsactors migrations'), hashtext('{options.Schema}'))");
        // Neither is asked for when it is there: who may use them need not be allowed to make them.
        if (await AskAsync($"to_regnamespace('{options.Schema}')::text") is DBNull)
        {
            await RunAsync($"CREATE SCHEMA {options.Schema}");
        }

        if (await AskAsync($"to_regclass('{options.Schema}.migrations')::text") is DBNull)
        {
            await RunAsync(
                "CREATE TABLE migrations (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())");
        }

        var version = (int)(await AskAsync("(SELECT coalesce(max(version), 0) FROM migrations)"))!;
        var scripts = Scripts();
        if (version > scripts.Count)
        {
            throw new NotSupportedException(
                $"The database has schema version {version}, made by a newer program: use that one. "
                + $"This program knows versions up to {scripts.Count}.");
        }

        if (version is > 0 and < RootKeyTable && options.Guard is { } guard)
        {
            await using var value = new NpgsqlCommand("SELECT value FROM meta WHERE name = $1", connection);
            value.Parameters.AddWithValue(guard.MetaName);
            guard.Require((byte[]?)await value.ExecuteScalarAsync(cancellation));
        }

        foreach (var script in scripts.Skip(version))
        {
            await RunAsync(script);
            await RunAsync($"INSERT INTO migrations (version) VALUES ({++version})");
        }

        await RunAsync(FeedQueries.ForgetAnotherServer);
        await transaction.CommitAsync(cancellation);

        async Task RequireAsync(string setting, Predicate<string> holds, string must)
        {
            var value = (string)(await AskAsync($"current_setting('{setting}')"))!;
            if (!holds(value)) throw new NotSupportedException($"The database must {must}: {setting} is {value}.");
        }

        async Task<object?> AskAsync(string expression)
        {
            await using var command = new NpgsqlCommand($"SELECT {expression}", connection);
            return await command.ExecuteScalarAsync(cancellation);
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static List<string> Scripts() =>
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Text),
    ];

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
