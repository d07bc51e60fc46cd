using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>What is read of the root key's versions, and of what needs them.</summary>
internal sealed class RootKeyReads(SqliteConnection connection) : IDisposable
{
    private readonly Statement _all = new(connection, """
        SELECT version, sealed, made_at, max(0, CAST(unixepoch('subsec') * 1000 AS INTEGER) - made_at)
        FROM root_keys ORDER BY version
        """);

    private readonly Statement _counts = new(connection, """
        SELECT root_key_version, count(*) FROM grains WHERE root_key_version IS NOT NULL GROUP BY root_key_version
        """);

    private readonly Statement _needing = new(connection, """
        SELECT kind, account, name FROM grains WHERE root_key_version < ?1 LIMIT ?2
        """);

    public IReadOnlyList<StoredRootKey> All()
    {
        using var rows = _all.Read();
        List<StoredRootKey> keys = [];
        while (rows.Read())
        {
            keys.Add(new StoredRootKey(
                rows.GetInt64(0),
                rows.GetFieldValue<byte[]>(1),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)),
                TimeSpan.FromMilliseconds(rows.GetInt64(3))));
        }

        return keys;
    }

    public IReadOnlyDictionary<long, long> Counts()
    {
        using var rows = _counts.Read();
        Dictionary<long, long> counts = [];
        while (rows.Read()) counts.Add(rows.GetInt64(0), rows.GetInt64(1));
        return counts;
    }

    public IReadOnlyList<GrainId> NeedingBefore(long version, int most)
    {
        using var rows = _needing.Read(version, (long)most);
        List<GrainId> ids = [];
        while (rows.Read()) ids.Add(new GrainId((GrainKind)rows.GetByte(0), rows.GetString(1), rows.GetString(2)));
        return ids;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_all, _counts, _needing]) statement.Dispose();
    }
}
