using System.Globalization;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>Brings a database to the schema this program works with.</summary>
internal static class Migrations
{
    private const string Prefix = "KmsActors.Storage.Sqlite.Migrations.";

    // From this version on a database has it.
    private const int RootKeyTable = 5;

    /// <summary>Applies what the database lacks, all or nothing; nothing also if the guard, if any, throws.</summary>
    /// <exception cref="NotSupportedException">The database is of a newer program.</exception>
    public static void Apply(SqliteConnection connection, MigrationGuard? guard)
    {
        var scripts = typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        // Deferred would read the version before it has the lock, and two programs could both migrate.
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        var version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > scripts.Count)
        {
            throw new NotSupportedException(
                $"The database has schema version {version}, made by a newer program: use that one. "
                + $"This program knows versions up to {scripts.Count}.");
        }

        if (version == scripts.Count) return;
        if (version is > 0 and < RootKeyTable && guard is not null)
        {
            command.CommandText = "SELECT value FROM meta WHERE name = $name;";
            command.Parameters.AddWithValue("$name", guard.MetaName);
            guard.Require((byte[]?)command.ExecuteScalar());
            command.Parameters.Clear();
        }

        foreach (var script in scripts.Skip(version))
        {
            command.CommandText = Text(script);
            command.ExecuteNonQuery();
        }

        command.CommandText = $"PRAGMA user_version = {scripts.Count};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
