using System.Text;
using KmsActors.Hsa;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server.Tests.Hosting;

/// <summary>A database as the first version of the service has made it.</summary>
internal static class OldDatabase
{
    /// <summary>Makes one without keys.</summary>
    /// <param name="path">Where.</param>
    /// <param name="rootKeyFile">The file with its root key.</param>
    public static void Make(string path, string rootKeyFile)
    {
        using var rootKey = RootKeyFile.Load(rootKeyFile);
        var checkValue = Encoding.ASCII.GetBytes(RootKeyRing.CheckValueOf(rootKey.Span));
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the program's own script comes here.
        command.CommandText = $"""
            PRAGMA journal_mode = WAL;
            {FirstScript()}
            PRAGMA user_version = 1;
            INSERT INTO meta VALUES ('root-key-check-value', x'{Convert.ToHexString(checkValue)}');
            """;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string FirstScript()
    {
        var assembly = typeof(SqliteGrainStore).Assembly;
        var first = assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Sqlite.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        using var script = new StreamReader(assembly.GetManifestResourceStream(first)!);
        return script.ReadToEnd();
    }
}
