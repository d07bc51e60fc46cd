using System.Globalization;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>A copy of a database, made by whomever, that is to be put in the place of one.</summary>
public static class SqliteCopy
{
    private const int HeaderSize = 16;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>
    /// Sees to it that the file is a whole database of ours, and brings it to the schema of this program. It reads all
    /// of it, in a few seconds a gigabyte.
    /// </summary>
    /// <param name="path">The file, which nobody else has open.</param>
    /// <exception cref="InvalidDataException">It is none, or damaged, or of something else.</exception>
    /// <exception cref="NotSupportedException">It is of a newer program.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Prepare(string path)
    {
        RequireMagic(path);
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            using (var settings = connection.CreateCommand())
            {
                // Functions that a foreign schema may call, and cells that are not where they should be.
                settings.CommandText = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";
                settings.ExecuteNonQuery();
            }

            if (Ask(connection, "PRAGMA integrity_check(1)") is not "ok")
                throw new InvalidDataException("The database is damaged.");
            if (Ask(connection, "PRAGMA user_version") is "0")
                throw new InvalidDataException("The database is not one of this service.");
            Migrations.Apply(connection, null);
            // Also no trigger or view that would have a say in what is written from now on.
            if (!Schema(connection).SequenceEqual(OwnSchema()))
                throw new InvalidDataException("The database is not one of this service.");
        }
        catch (SqliteException e) when (IsItsOwnFault(e))
        {
            throw new InvalidDataException("The database is damaged.", e);
        }
        catch (SqliteException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Sets a value for the database as a whole, whatever it was.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void SetMeta(string path, string name, byte[] value)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            using var set = new Statement(
                connection,
                "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value");
            set.Run(name, value);
        }
        catch (SqliteException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void RequireMagic(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using var file = File.OpenHandle(path);
        if (RandomAccess.Read(file, header, fileOffset: 0) != HeaderSize || !header.SequenceEqual(Magic))
            throw new InvalidDataException("It is no SQLite database.");
    }

    // Anything but a disk that has no room or fails.
    private static bool IsItsOwnFault(SqliteException e) => e.SqliteErrorCode
        is not (SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN);

    private static List<string> OwnSchema()
    {
        using var empty = Open(":memory:", SqliteOpenMode.Memory);
        Migrations.Apply(empty, null);
        return Schema(empty);
    }

    // What SQLite makes for itself is left out: sqlite_stat1 of an ANALYZE, indexes of constraints.
    private static List<string> Schema(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')
            FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY type, name
            """;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }

    private static string? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
