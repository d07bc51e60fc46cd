namespace KmsActors.Server;

/// <summary>
/// The data directory, private to its user and held by one process: two that share it would not know of
/// each other's changes.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>The mode of every file in it.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>The database.</summary>
    public string Database => In("kms.db");

    /// <summary>A copy of the database that is being made; without a name as soon as it is whole.</summary>
    public string Copy => In("copy.db");

    /// <summary>A copy that is being taken in, and that may not be good.</summary>
    public string Upload => In("upload.db");

    /// <summary>A good copy that the next start makes the database.</summary>
    public string Restored => In("kms.db.restored");

    /// <summary>The database that was there before the last restore.</summary>
    public string BeforeRestore => In("kms.db.before-restore");

    /// <summary>The root key of the software HSA.</summary>
    public string RootKey => In("root.key");

    /// <summary>The root access key and password, when they were made here.</summary>
    public string RootCredentials => In("root-credentials.json");

    /// <summary>The operator's token, when it was made here.</summary>
    public string AdminToken => In("admin-token");

    /// <summary>The certificate, when it was made here.</summary>
    public string Certificate => In("certificate.pfx");

    /// <summary>Opens or makes the directory.</summary>
    /// <exception cref="StartException">It cannot be used.</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            var full = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(full, PrivateFile | UnixFileMode.UserExecute);
            var held = new FileStream(System.IO.Path.Combine(full, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = PrivateFile,
            });
            return new DataDirectory(full, held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data directory '{path}' cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Writes a file that only its user can read; all of it or none.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = PrivateFile,
        }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>The root key is not the database's.</summary>
internal sealed class RootKeyException : StartException
{
    public RootKeyException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public RootKeyException(string message) : base(message)
    {
    }

    public RootKeyException()
    {
    }
}

/// <summary>The server cannot start, and the message says why to the person who started it.</summary>
internal class StartException : Exception
{
    public StartException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public StartException(string message) : base(message)
    {
    }

    public StartException()
    {
    }
}
