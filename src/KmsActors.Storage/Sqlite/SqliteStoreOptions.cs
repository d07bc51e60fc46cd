namespace KmsActors.Storage.Sqlite;

/// <summary>Where a <see cref="SqliteGrainStore"/> is and how much it may hold.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; made, readable by its owner alone, if there is none.</summary>
    public required string Path { get; init; }

    /// <summary>The most commits that may wait for the writer; past it callers wait to enter.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>The most commits that share one transaction and its sync.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The most idle connections kept for reading. More are opened when more threads read.</summary>
    public int IdleReaders { get; init; } = 8;

    /// <summary>How long to wait for another process that writes to the file.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Has a say before an old database is changed; null if nobody has.</summary>
    public MigrationGuard? Guard { get; init; }
}
