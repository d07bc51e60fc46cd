using System.Collections.Immutable;
using System.Text.Json;
using KmsActors.Grains;
using Microsoft.Data.Sqlite;

namespace KmsActors.CrashTests;

/// <summary>A grain's row.</summary>
internal sealed record StoredGrain(GrainId Id, long ETag, bool Counted, string? Owner, JsonElement State)
{
    /// <summary>A key that was deleted keeps a row.</summary>
    public bool Exists => !State.TryGetProperty("DeletedAt", out _);

    public DateTimeOffset? Time(string name) =>
        State.TryGetProperty(name, out var time) ? time.GetDateTimeOffset() : null;
}

/// <summary>A key as it is stored.</summary>
internal sealed record StoredKey(
    string Description,
    bool External,
    string State,
    bool HasMaterial,
    DateTimeOffset? Deletion,
    DateTimeOffset? Expiry,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableHashSet<string> Tokens);

/// <summary>A row of reminders.</summary>
internal sealed record StoredReminder(GrainId Id, Reminder Reminder, DateTimeOffset Due);

/// <summary>A row of the audit record.</summary>
internal sealed record StoredAudit(long Seq, string RequestId);

/// <summary>The database file, read in one transaction by somebody who knows only its tables.</summary>
internal sealed class DatabaseImage
{
    private DatabaseImage(SqliteConnection connection, long auditFrom)
    {
        Integrity = Rows(connection, "PRAGMA integrity_check", row => row.GetString(0)).ToArray();
        using var snapshot = connection.BeginTransaction(deferred: true);
        LastCommit = Rows(connection, "SELECT last FROM commits", row => row.GetInt64(0)).Single();
        Grains = Rows(
            connection, "SELECT kind, account, name, etag, counted, owner_key_id, state FROM grains",
            row => new StoredGrain(
                IdOf(row), row.GetInt64(3), row.GetBoolean(4), row.IsDBNull(5) ? null : row.GetString(5),
                JsonSerializer.Deserialize<JsonElement>(row.GetFieldValue<byte[]>(6)))).ToDictionary(grain => grain.Id);
        KeyRows = Rows(
            connection, "SELECT account, key_id, created_at, key_state FROM keys",
            row => (Id: GrainId.OfCmk(row.GetString(0), row.GetString(1)), CreatedAt: Utc(row.GetInt64(2)),
                State: (KeyState)row.GetByte(3))).ToDictionary(row => row.Id, row => (row.CreatedAt, row.State));
        AliasRows = Rows(
            connection, "SELECT account, alias, key_id FROM aliases",
            row => (Id: GrainId.OfAlias(row.GetString(0), row.GetString(1)), KeyId: row.GetString(2)))
            .ToDictionary(row => row.Id, row => row.KeyId);
        Reminders = Rows(
            connection, "SELECT kind, account, name, reminder, due_at FROM reminders",
            row => new StoredReminder(IdOf(row), (Reminder)row.GetByte(3), Utc(row.GetInt64(4)))).ToHashSet();
        Counts = Rows(
            connection, "SELECT kind, account, count FROM counts WHERE count <> 0",
            row => (Of: ((GrainKind)row.GetByte(0), row.GetString(1)), Count: row.GetInt64(2)))
            .ToDictionary(row => row.Of, row => row.Count);
        AuditRows = Rows(connection, "SELECT count(*) FROM audit", row => row.GetInt64(0)).Single();
        NewAudit = Rows(
            connection, $"SELECT seq, request_id FROM audit WHERE seq > {auditFrom} ORDER BY seq",
            row => new StoredAudit(row.GetInt64(0), row.GetString(1))).ToArray();
    }

    public IReadOnlyList<string> Integrity { get; }

    public long LastCommit { get; }

    public Dictionary<GrainId, StoredGrain> Grains { get; }

    public Dictionary<GrainId, (DateTimeOffset CreatedAt, KeyState State)> KeyRows { get; }

    public Dictionary<GrainId, string> AliasRows { get; }

    public HashSet<StoredReminder> Reminders { get; }

    public Dictionary<(GrainKind Kind, string Account), long> Counts { get; }

    public long AuditRows { get; }

    /// <summary>The audit rows since the image before.</summary>
    public IReadOnlyList<StoredAudit> NewAudit { get; }

    public IEnumerable<StoredGrain> OfKind(GrainKind kind) => Grains.Values.Where(grain => grain.Id.Kind == kind);

    /// <summary>Reads the file while the server has it open, as another process may.</summary>
    public static DatabaseImage Read(string path, long auditFrom)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return new DatabaseImage(connection, auditFrom);
    }

    /// <summary>All keys that exist, by id.</summary>
    public Dictionary<string, StoredKey> Keys()
    {
        var tokens = OfKind(GrainKind.ImportToken).ToLookup(token => token.Owner!, token => token.Id.Name);
        return OfKind(GrainKind.Cmk).Where(grain => grain.Exists).ToDictionary(grain => grain.Id.Name, grain =>
        {
            var state = grain.State;
            return new StoredKey(
                state.GetProperty("Description").GetString()!,
                state.GetProperty("Origin").GetString() == "External",
                state.GetProperty("KeyState").GetString()!,
                state.GetProperty("Versions").EnumerateArray().Single().TryGetProperty("WrappedMaterial", out _),
                grain.Time("DeletionDate"),
                grain.Time("MaterialExpiry"),
                state.GetProperty("Tags").EnumerateObject().ToImmutableSortedDictionary(
                    tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.Ordinal),
                [.. tokens[grain.Id.Name]]);
        });
    }

    private static DateTimeOffset Utc(long ticks) => new(ticks, TimeSpan.Zero);

    private static GrainId IdOf(SqliteDataReader row) => new((GrainKind)row.GetByte(0), row.GetString(1), row.GetString(2));

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
