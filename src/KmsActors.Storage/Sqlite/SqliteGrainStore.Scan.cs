using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <content>
/// How jobs go through all there is. Each page is one statement, which sees one commit, on a connection of its own.
/// </content>
public sealed partial class SqliteGrainStore
{
    private const string ScanGrains = """
        SELECT kind, account, name, etag, counted, owner_key_id, root_key_version, state FROM grains
        WHERE (kind, account, name) > (?1, ?2, ?3) ORDER BY kind, account, name LIMIT ?4
        """;

    private const string ScanTombstones = """
        SELECT kind, account, name, etag, counted, owner_key_id, root_key_version, state FROM grains
        WHERE counted = 0 AND (kind, account, name) > (?1, ?2, ?3) ORDER BY kind, account, name LIMIT ?4
        """;

    // Each branch has the first of its own, so the first of all are among them.
    private const string ScanKeys = """
        WITH ids AS (
            SELECT * FROM (SELECT account, name AS key_id FROM grains WHERE kind = 3 AND (account, name) > (?1, ?2)
                ORDER BY account, name LIMIT ?3)
            UNION SELECT * FROM (SELECT account, key_id FROM keys WHERE (account, key_id) > (?1, ?2)
                ORDER BY account, key_id LIMIT ?3)
            UNION SELECT * FROM (SELECT DISTINCT account, key_id FROM tags WHERE (account, key_id) > (?1, ?2)
                ORDER BY account, key_id LIMIT ?3)
            UNION SELECT * FROM (SELECT DISTINCT account, name FROM reminders WHERE kind = 3
                AND (account, name) > (?1, ?2) ORDER BY account, name LIMIT ?3)
            ORDER BY 1, 2 LIMIT ?3)
        SELECT 3, ids.account, ids.key_id, etag, counted, owner_key_id, root_key_version, state,
            created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project,
            (SELECT json_group_array(json_array(tag_key, tag_value, created_at)) FROM (
                SELECT tag_key, tag_value, created_at FROM tags WHERE account = ids.account AND key_id = ids.key_id
                ORDER BY tag_key LIMIT 100)),
            (SELECT json_group_array(json_array(reminder, due_at)) FROM (
                SELECT reminder, due_at FROM reminders
                WHERE kind = 3 AND account = ids.account AND name = ids.key_id ORDER BY reminder)),
            (SELECT named.owner_key_id FROM grains AS named
                WHERE named.kind = 4 AND named.account = ids.account AND named.name = listed.alias)
        FROM ids
        LEFT JOIN grains AS grain ON grain.kind = 3 AND grain.account = ids.account AND grain.name = ids.key_id
        LEFT JOIN keys AS listed ON listed.account = ids.account AND listed.key_id = ids.key_id
        ORDER BY ids.account, ids.key_id
        """;

    private const string ScanAliases = """
        WITH ids AS (
            SELECT * FROM (SELECT account, name AS alias FROM grains WHERE kind = 4 AND (account, name) > (?1, ?2)
                ORDER BY account, name LIMIT ?3)
            UNION SELECT * FROM (SELECT account, alias FROM aliases WHERE (account, alias) > (?1, ?2)
                ORDER BY account, alias LIMIT ?3)
            ORDER BY 1, 2 LIMIT ?3)
        SELECT 4, ids.account, ids.alias, etag, counted, owner_key_id, root_key_version, state, key_id,
            EXISTS (SELECT 1 FROM grains AS target WHERE target.kind = 3 AND target.account = ids.account
                AND target.name = coalesce(grain.owner_key_id, key_id) AND target.counted = 1)
        FROM ids
        LEFT JOIN grains AS grain ON grain.kind = 4 AND grain.account = ids.account AND grain.name = ids.alias
        LEFT JOIN aliases AS listed ON listed.account = ids.account AND listed.alias = ids.alias
        ORDER BY ids.account, ids.alias
        """;

    private const string ScanReminded = """
        SELECT DISTINCT kind, account, name FROM reminders
        WHERE (kind, account, name) > (?1, ?2, ?3) AND kind <> 3 AND NOT EXISTS (
            SELECT 1 FROM grains WHERE grains.kind = reminders.kind AND grains.account = reminders.account
            AND grains.name = reminders.name)
        ORDER BY kind, account, name LIMIT ?4
        """;

    private const string ScanCounts = """
        WITH next AS (
            SELECT kind, account FROM (
                SELECT kind, account FROM grains WHERE (kind, account) > (?1, ?2) ORDER BY kind, account LIMIT 1)
            UNION ALL SELECT kind, account FROM (
                SELECT kind, account FROM counts WHERE (kind, account) > (?1, ?2) ORDER BY kind, account LIMIT 1)
            ORDER BY 1, 2 LIMIT 1)
        SELECT next.kind, next.account, coalesce(count, 0), (
            SELECT count(*) FROM grains WHERE kind = next.kind AND account = next.account AND counted = 1)
        FROM next LEFT JOIN counts ON counts.kind = next.kind AND counts.account = next.account
        """;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainRow>> GrainsAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        Scan(ScanGrains, static rows => Grain(rows)!, ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainRow>> TombstonesAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        Scan(ScanTombstones, static rows => Grain(rows)!, ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<KeyRecord>> KeyRecordsAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        Scan(ScanKeys, Key, ByName(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AliasRecord>> AliasRecordsAsync(
        GrainId after, int limit, CancellationToken cancellation) => Scan(
        ScanAliases,
        static rows => new AliasRecord(Id(rows), Grain(rows), TextOrNull(rows, 8), rows.GetBoolean(9)),
        ByName(after, limit),
        cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainId>> RemindedOfNothingAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        Scan(ScanReminded, Id, ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public async ValueTask<CountRecord?> NextCountAsync(GrainId after, CancellationToken cancellation)
    {
        var found = await Scan(
            ScanCounts,
            static rows => new CountRecord(
                new GrainId((GrainKind)rows.GetByte(0), rows.GetString(1), ""), rows.GetInt64(2), rows.GetInt64(3)),
            [(long)after.Kind, after.Account ?? ""],
            cancellation);
        return found is [var count] ? count : null;
    }

    // The id of nothing has no texts.
    private static object[] ByKind(GrainId after, int limit) => [(long)after.Kind, .. ByName(after, limit)];

    private static object[] ByName(GrainId after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return [after.Account ?? "", after.Name ?? "", (long)limit];
    }

    private ValueTask<IReadOnlyList<T>> Scan<T>(
        string query, Func<SqliteDataReader, T> read, object[] arguments, CancellationToken cancellation) =>
        OnConnection<IReadOnlyList<T>>(
            connection =>
            {
                using var select = new Statement(connection, query);
                using var rows = select.Read(arguments);
                List<T> page = [];
                while (rows.Read()) page.Add(read(rows));
                return page;
            },
            cancellation);

    private static GrainId Id(SqliteDataReader rows) =>
        new((GrainKind)rows.GetByte(0), rows.GetString(1), rows.GetString(2));

    private static string? TextOrNull(SqliteDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : rows.GetString(column);

    private static GrainRow? Grain(SqliteDataReader rows) => rows.IsDBNull(3)
        ? null
        : new GrainRow(
            Id(rows), rows.GetInt64(3), rows.GetBoolean(4), TextOrNull(rows, 5),
            rows.IsDBNull(6) ? null : rows.GetInt64(6), rows.GetFieldValue<byte[]>(7));

    private static KeyRecord Key(SqliteDataReader rows)
    {
        var listing = rows.IsDBNull(8)
            ? null
            : new ListedKey(
                rows.GetInt64(8), rows.GetInt32(9), rows.GetInt32(10), rows.GetInt32(11), rows.GetInt32(12),
                rows.GetString(13), rows.GetString(14));
        using var tags = JsonDocument.Parse(rows.GetString(15));
        using var reminders = JsonDocument.Parse(rows.GetString(16));
        return new KeyRecord(
            Id(rows),
            Grain(rows),
            listing,
            [.. tags.RootElement.EnumerateArray().Select(
                tag => new ListedTag(tag[0].GetString()!, tag[1].GetString()!, tag[2].GetInt64()))],
            reminders.RootElement.EnumerateArray().ToDictionary(each => each[0].GetInt32(), each => each[1].GetInt64()),
            TextOrNull(rows, 17));
    }
}
