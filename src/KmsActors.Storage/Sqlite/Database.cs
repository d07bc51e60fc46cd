using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>The database file: how it is made and how connections to it are set up.</summary>
internal sealed class Database(SqliteStoreOptions options)
{
    private readonly string _path = Path.GetFullPath(options.Path);

    static Database() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Makes the file unless there is one. SQLite gives its -wal and -shm the same mode.</summary>
    public void CreateFile()
    {
        // Never open a file that exists: closing it would drop the locks which other connections of this
        // process hold on it (fcntl locks belong to the process).
        if (File.Exists(_path)) return;
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            new FileStream(_path, create).Dispose();
        }
        catch (IOException) when (File.Exists(_path))
        {
            // Another process was faster, with the same mode.
        }
    }

    /// <summary>A connection that may write.</summary>
    /// <remarks>
    /// secure_delete overwrites with zeros, in the pages it is kept in, what is deleted or replaced, key
    /// material above all; that costs about 4 % of commits. It covers the database file from the next
    /// checkpoint on. It does not cover older page images: those in the WAL, until later commits overwrite
    /// them or closing the store empties it; blocks the file system has freed; backups. What lies there is
    /// material as the HSA has wrapped it, and no use without its root key.
    /// A checkpoint runs in the writer's time: at 1000 pages one in a hundred commits takes 20 ms; at 8000 it
    /// would be 70 ms, for a tenth more throughput.
    /// </remarks>
    public SqliteConnection OpenWriter() => Open(SqliteOpenMode.ReadWrite, """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA wal_autocheckpoint = 1000;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -65536;
        """);

    /// <summary>A connection that cannot write.</summary>
    /// <remarks>
    /// 16 MiB at most hold the pages with a thousand keys far from each other and their tags. With 8 a listing
    /// by two tags of an account of 100 000 keys takes half as long again.
    /// </remarks>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly, "PRAGMA cache_size = -16384;");

    /// <summary>Copies all pages in one read transaction: the WAL keeps what is written meanwhile apart.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read, or the copy not be written.</exception>
    public void CopyTo(string path)
    {
        try
        {
            using var source = OpenReader();
            using var copy = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            copy.Open();
            using var settings = copy.CreateCommand();
            // Of a copy that is not finished nothing is kept.
            settings.CommandText = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;";
            settings.ExecuteNonQuery();
            source.BackupDatabase(copy);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException("The database cannot be copied.", e);
        }
    }

    // Memory-mapped reads stay off: a read error would then be a SIGBUS, which ends the process.
    private SqliteConnection Open(SqliteOpenMode mode, string settings)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
            // After SQLite has waited for busy_timeout, the client would try again until this has passed.
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds};
                PRAGMA temp_store = MEMORY;
                {settings}
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
