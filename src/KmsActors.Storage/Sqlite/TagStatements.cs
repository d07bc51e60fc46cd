using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>What a turn does to the rows of a key's tags.</summary>
internal sealed class TagStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _read = new(connection, TagQueries.OfKey);

    private readonly Statement _add = new(connection,
        "INSERT INTO tags (account, key_id, created_at, tag_key, tag_value) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly Statement _removeAll = new(connection, TagQueries.RemoveOfKey);

    /// <summary>Makes the rows these. Most turns leave a key's tags alone, and cost one look at its rows.</summary>
    public void Keep(string account, string keyId, long createdAt, IReadOnlyDictionary<string, string> tags)
    {
        var (stored, kept) = (0, 0);
        using (var rows = _read.Read(account, keyId))
        {
            for (; rows.Read(); stored++)
            {
                var stays = tags.TryGetValue(rows.GetString(0), out var value) && value == rows.GetString(1);
                if (stays && createdAt == rows.GetInt64(2)) kept++;
            }
        }

        if (kept == stored && kept == tags.Count) return;
        if (stored > 0) RemoveAll(account, keyId);
        foreach (var (key, value) in tags) _add.Run(account, keyId, createdAt, key, value);
    }

    public void RemoveAll(string account, string keyId) => _removeAll.Run(account, keyId);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_read, _add, _removeAll]) statement.Dispose();
    }
}
