using KmsActors.Hsa;

namespace KmsActors.Server;

/// <summary>
/// How a copy that is good becomes the database: by having its final name, <see cref="DataDirectory.Restored"/>. From
/// then on no start opens the database before, however this process ends; the one that follows puts the copy in its
/// place. Each step can be done again, and is a rename.
/// </summary>
internal static class RestoredDatabase
{
    /// <summary>Decides: what is closed and on the disk as <paramref name="copy"/> will be the database.</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static void Decide(DataDirectory data, string copy)
    {
        File.Move(copy, data.Restored, overwrite: true);
        try
        {
            DurableNames.Flush(data.Path);
        }
        catch
        {
            File.Delete(data.Restored);
            throw;
        }
    }

    /// <summary>
    /// Puts a copy that was decided on in its place, keeping the database before with its WAL, and removes what an
    /// interrupted backup or restore left. For a start, before the database is opened.
    /// </summary>
    /// <exception cref="StartException">Files cannot be renamed or removed.</exception>
    public static void Complete(DataDirectory data)
    {
        try
        {
            Discard(data.Copy);
            Discard(data.Upload);
            if (!File.Exists(data.Restored)) return;
            KeepDatabase(data);
            // With the WAL of another in place it would be neither of the two.
            File.Move(data.Restored, data.Database, overwrite: false);
            DurableNames.Flush(data.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{data.Restored} cannot be made the database: {failure.Message}", failure);
        }
    }

    /// <summary>Removes a database with what belongs to it.</summary>
    public static void Discard(string database)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(database + suffix);
    }

    // If the last attempt came further than that, the database is not there any more and only its WAL may be.
    private static void KeepDatabase(DataDirectory data)
    {
        if (File.Exists(data.Database))
        {
            File.Delete(data.BeforeRestore + "-wal");
            File.Move(data.Database, data.BeforeRestore, overwrite: true);
        }

        if (File.Exists(data.Database + "-wal"))
            File.Move(data.Database + "-wal", data.BeforeRestore + "-wal", overwrite: true);
        File.Delete(data.Database + "-shm");
        DurableNames.Flush(data.Path);
    }
}
