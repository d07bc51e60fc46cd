namespace KmsActors.Storage.Postgres;

/// <summary>Where a <see cref="PostgresGrainStore"/> is and how much it may take.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// How to reach the database, as Npgsql has it. Of several hosts the one to write to is asked for by
    /// <c>Target Session Attributes=primary</c>. A pooler between must keep a session for a connection.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema of the tables: lower-case letters, digits and underscores. Made if there is none.</summary>
    public string Schema { get; init; } = "kmsactors";

    /// <summary>The most connections for grains and listings; callers wait for them. The feed has three more.</summary>
    public int MostConnections { get; init; } = 24;

    /// <summary>How long to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement may take; the server ends it then.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For how long a node that was given a due reminder is the only one that is.</summary>
    public TimeSpan ClaimTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long changes are kept, at least, for nodes that have not read them.</summary>
    public TimeSpan ChangesKept { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Has a say before an old database is changed; null if nobody has.</summary>
    public MigrationGuard? Guard { get; init; }

    /// <summary>Without the connection string, which may have a password.</summary>
    public override string ToString() => $"{nameof(PostgresStoreOptions)} {{ {nameof(Schema)} = {Schema} }}";
}
