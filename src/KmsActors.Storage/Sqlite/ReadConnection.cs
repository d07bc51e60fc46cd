using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>A connection that reads, used by one caller at a time.</summary>
internal sealed class ReadConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _load;
    private readonly Statement _due;
    private readonly Statement _count;
    private readonly Statement _keys;
    private readonly Statement _matchCount;
    private readonly Statement _matches;
    private readonly TagReads _tags;
    private readonly Statement _aliases;
    private readonly Statement _aliasCountOfKey;
    private readonly Statement _aliasesOfKey;
    private readonly Statement _names;
    private readonly Statement _counts;
    private readonly Statement _meta;

    public ReadConnection(Database database)
    {
        _connection = database.OpenReader();
        _begin = new Statement(_connection, "BEGIN");
        _end = new Statement(_connection, "COMMIT");
        _load = new Statement(_connection,
            "SELECT etag, state FROM grains WHERE kind = ?1 AND account = ?2 AND name = ?3");
        _due = new Statement(_connection, """
            SELECT kind, account, name, reminder, due_at FROM reminders WHERE due_at <= ?1
            ORDER BY due_at, kind, account, name, reminder LIMIT ?2
            """);
        _count = new Statement(_connection, "SELECT count FROM counts WHERE account = ?1 AND kind = ?2");
        _keys = new Statement(_connection, KeyQueries.Page);
        _matchCount = new Statement(_connection, KeyQueries.MatchCount);
        _matches = new Statement(_connection, KeyQueries.MatchPage);
        _tags = new TagReads(_connection);
        _aliases = new Statement(_connection, """
            SELECT alias, key_id FROM aliases WHERE account = ?1 ORDER BY alias LIMIT ?2 OFFSET ?3
            """);
        _aliasCountOfKey = new Statement(_connection,
            "SELECT count(*) FROM aliases WHERE account = ?1 AND key_id = ?2");
        _aliasesOfKey = new Statement(_connection, """
            SELECT alias, key_id FROM aliases WHERE account = ?1 AND key_id = ?4
            ORDER BY alias LIMIT ?2 OFFSET ?3
            """);
        _names = new Statement(_connection, """
            SELECT name FROM grains WHERE kind = ?1 AND account = ?2 AND name > ?3 AND counted >= ?4
            ORDER BY name LIMIT ?5
            """);
        _counts = new Statement(_connection, "SELECT kind, count FROM counts WHERE account = ?1");
        _meta = new Statement(_connection, "SELECT value FROM meta WHERE name = ?1");
        RootKeys = new RootKeyReads(_connection);
    }

    public RootKeyReads RootKeys { get; }

    public StoredGrain? Load(GrainId id)
    {
        using var rows = _load.Read((long)id.Kind, id.Account, id.Name);
        return rows.Read() ? new StoredGrain(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    public IReadOnlyList<DueReminder> Due(DateTimeOffset now, int most)
    {
        using var rows = _due.Read(now.UtcTicks, (long)most);
        List<DueReminder> due = [];
        while (rows.Read())
        {
            due.Add(new DueReminder(
                new GrainId((GrainKind)rows.GetByte(0), rows.GetString(1), rows.GetString(2)),
                (Reminder)rows.GetByte(3),
                new DateTimeOffset(rows.GetInt64(4), TimeSpan.Zero)));
        }

        return due;
    }

    public Page<string> Keys(string account, KeyFilter filter, long offset, int limit) => Snapshot(() =>
    {
        // Asks nothing, and must not cost a look at all keys.
        if (filter.EnterpriseProjects is { IsAll: true }) filter = filter with { EnterpriseProjects = null };
        if (filter == KeyFilter.None) return AllKeys(account, offset, limit);
        return filter.Tags is null
            ? MatchingKeys(account, filter, offset, limit)
            : _tags.Keys(account, filter, filter.Tags, offset, limit);
    });

    public IReadOnlyList<KeyValuePair<string, string>> Tags(string account, ProjectSet projects, int limit) =>
        Snapshot(() => _tags.Tags(account, projects, limit));

    public Page<AliasRow> Aliases(string account, long offset, int limit) => Snapshot(() =>
    {
        using var rows = _aliases.Read(account, (long)limit, offset);
        return new Page<AliasRow>(AliasRows(rows), _count.Number(account, (long)GrainKind.Alias) ?? 0);
    });

    public Page<AliasRow> AliasesOfKey(string account, string keyId, long offset, int limit) => Snapshot(() =>
    {
        using var rows = _aliasesOfKey.Read(account, (long)limit, offset, keyId);
        return new Page<AliasRow>(AliasRows(rows), _aliasCountOfKey.Number(account, keyId)!.Value);
    });

    public IReadOnlyList<string> Names(GrainKind kind, string account, Rows which, string after, int limit)
    {
        using var rows = _names.Read((long)kind, account, after, which == Rows.Existing, (long)limit);
        return Texts(rows);
    }

    public IReadOnlyDictionary<GrainKind, long> Counts(string account)
    {
        using var rows = _counts.Read(account);
        Dictionary<GrainKind, long> counts = [];
        while (rows.Read()) counts.Add((GrainKind)rows.GetByte(0), rows.GetInt64(1));
        return counts;
    }

    public byte[]? Meta(string name)
    {
        using var rows = _meta.Read(name);
        return rows.Read() ? rows.GetFieldValue<byte[]>(0) : null;
    }

    public void Dispose()
    {
        RootKeys.Dispose();
        _tags.Dispose();
        foreach (var statement in (Statement[])
            [_begin, _end, _load, _due, _count, _keys, _matchCount, _matches, _aliases, _aliasCountOfKey,
                _aliasesOfKey, _names, _counts, _meta])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private Page<string> AllKeys(string account, long offset, int limit)
    {
        using var rows = _keys.Read(account, (long)limit, offset);
        return new Page<string>(Texts(rows), _count.Number(account, (long)GrainKind.Cmk) ?? 0);
    }

    private Page<string> MatchingKeys(string account, KeyFilter filter, long offset, int limit)
    {
        var arguments = KeyQueries.Arguments(account, filter);
        var total = _matchCount.Number(arguments)!.Value;
        // To look for what is not there costs a look at all.
        if (offset >= total) return new Page<string>([], total);
        using var rows = _matches.Read([.. arguments, (long)limit, offset]);
        return new Page<string>(Texts(rows), total);
    }

    private static List<string> Texts(SqliteDataReader rows)
    {
        List<string> texts = [];
        while (rows.Read()) texts.Add(rows.GetString(0));
        return texts;
    }

    private static List<AliasRow> AliasRows(SqliteDataReader rows)
    {
        List<AliasRow> aliases = [];
        while (rows.Read()) aliases.Add(new AliasRow(rows.GetString(0), rows.GetString(1)));
        return aliases;
    }

    /// <summary>Reads all of it from one commit. After an error this connection is not used again.</summary>
    private T Snapshot<T>(Func<T> read)
    {
        _begin.Run();
        var result = read();
        _end.Run();
        return result;
    }
}
