using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>How jobs go through all there is. Each is one statement, which sees one snapshot.</summary>
internal static class ScanQueries
{
    /// <summary>$4 grains behind ($1, $2, $3).</summary>
    public const string Grains = """
        SELECT kind, account, name, etag, counted, owner_key_id, root_key_version, state FROM grains
        WHERE (kind, account, name) > ($1, $2, $3) ORDER BY kind, account, name LIMIT $4
        """;

    /// <summary>Tombstones among them.</summary>
    public const string Tombstones = """
        SELECT kind, account, name, etag, counted, owner_key_id, root_key_version, state FROM grains
        WHERE NOT counted AND (kind, account, name) > ($1, $2, $3) ORDER BY kind, account, name LIMIT $4
        """;

    /// <summary>
    /// $3 keys behind ($1, $2): each branch has the first of its own, so the first of all are among them.
    /// </summary>
    public const string Keys = """
        WITH ids AS (
            SELECT account, key_id FROM (
                (SELECT account, name AS key_id FROM grains WHERE kind = 3 AND (account, name) > ($1, $2)
                    ORDER BY account, name LIMIT $3)
                UNION (SELECT account, key_id FROM keys WHERE (account, key_id) > ($1, $2)
                    ORDER BY account, key_id LIMIT $3)
                UNION (SELECT DISTINCT account, key_id FROM tags WHERE (account, key_id) > ($1, $2)
                    ORDER BY account, key_id LIMIT $3)
                UNION (SELECT DISTINCT account, name FROM reminders WHERE kind = 3 AND (account, name) > ($1, $2)
                    ORDER BY account, name LIMIT $3)) AS found
            ORDER BY account, key_id LIMIT $3)
        SELECT 3::smallint, ids.account, ids.key_id, etag, counted, owner_key_id, root_key_version, state,
            created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project,
            ARRAY(SELECT tag_key FROM tags WHERE account = ids.account AND tags.key_id = ids.key_id
                ORDER BY tag_key LIMIT 100),
            ARRAY(SELECT tag_value FROM tags WHERE account = ids.account AND tags.key_id = ids.key_id
                ORDER BY tag_key LIMIT 100),
            ARRAY(SELECT created_at FROM tags WHERE account = ids.account AND tags.key_id = ids.key_id
                ORDER BY tag_key LIMIT 100),
            ARRAY(SELECT reminder::integer FROM reminders WHERE kind = 3 AND account = ids.account AND name = ids.key_id
                ORDER BY reminder),
            ARRAY(SELECT due_at FROM reminders WHERE kind = 3 AND account = ids.account AND name = ids.key_id
                ORDER BY reminder),
            (SELECT named.owner_key_id FROM grains AS named
                WHERE named.kind = 4 AND named.account = ids.account AND named.name = listed.alias)
        FROM ids
        LEFT JOIN grains AS grain ON grain.kind = 3 AND grain.account = ids.account AND grain.name = ids.key_id
        LEFT JOIN keys AS listed ON listed.account = ids.account AND listed.key_id = ids.key_id
        ORDER BY ids.account, ids.key_id
        """;

    /// <summary>$3 aliases behind ($1, $2).</summary>
    public const string Aliases = """
        WITH ids AS (
            SELECT account, alias FROM (
                (SELECT account, name AS alias FROM grains WHERE kind = 4 AND (account, name) > ($1, $2)
                    ORDER BY account, name LIMIT $3)
                UNION (SELECT account, alias FROM aliases WHERE (account, alias) > ($1, $2)
                    ORDER BY account, alias LIMIT $3)) AS found
            ORDER BY account, alias LIMIT $3)
        SELECT 4::smallint, ids.account, ids.alias, etag, counted, owner_key_id, root_key_version, state, key_id,
            EXISTS (SELECT FROM grains AS target WHERE target.kind = 3 AND target.account = ids.account
                AND target.name = coalesce(grain.owner_key_id, key_id) AND target.counted)
        FROM ids
        LEFT JOIN grains AS grain ON grain.kind = 4 AND grain.account = ids.account AND grain.name = ids.alias
        LEFT JOIN aliases AS listed ON listed.account = ids.account AND listed.alias = ids.alias
        ORDER BY ids.account, ids.alias
        """;

    /// <summary>$4 grains behind ($1, $2, $3) that have a reminder only; CMKs are elsewhere.</summary>
    public const string RemindedOfNothing = """
        SELECT DISTINCT kind, account, name FROM reminders
        WHERE (kind, account, name) > ($1, $2, $3) AND kind <> 3 AND NOT EXISTS (
            SELECT FROM grains WHERE grains.kind = reminders.kind AND grains.account = reminders.account
            AND grains.name = reminders.name)
        ORDER BY kind, account, name LIMIT $4
        """;

    /// <summary>The count of the next kind and account behind ($1, $2), and how many rows there are.</summary>
    public const string NextCount = """
        WITH next AS (
            SELECT kind, account FROM (
                (SELECT kind, account FROM grains WHERE (kind, account) > ($1, $2) ORDER BY kind, account LIMIT 1)
                UNION ALL (SELECT kind, account FROM counts WHERE (kind, account) > ($1, $2)
                    ORDER BY kind, account LIMIT 1)) AS found
            ORDER BY kind, account LIMIT 1)
        SELECT next.kind, next.account, coalesce(count, 0), (
            SELECT count(*) FROM grains WHERE kind = next.kind AND account = next.account AND counted)
        FROM next LEFT JOIN counts ON counts.kind = next.kind AND counts.account = next.account
        """;

    public static GrainRow? Grain(NpgsqlDataReader rows) => rows.IsDBNull(3)
        ? null
        : new GrainRow(
            Columns.Id(rows, 0),
            rows.GetInt64(3),
            rows.GetBoolean(4),
            TextOrNull(rows, 5),
            rows.IsDBNull(6) ? null : rows.GetInt64(6),
            rows.GetFieldValue<byte[]>(7));

    public static KeyRecord Key(NpgsqlDataReader rows)
    {
        var listing = rows.IsDBNull(8)
            ? null
            : new ListedKey(
                rows.GetInt64(8), rows.GetInt16(9), rows.GetInt16(10), rows.GetInt16(11), rows.GetInt16(12),
                Columns.Text(rows, 13), Columns.Text(rows, 14));
        var (names, values) = (Columns.Texts(rows, 15), Columns.Texts(rows, 16));
        var times = rows.GetFieldValue<long[]>(17);
        var reminders = rows.GetFieldValue<int[]>(18).Zip(rows.GetFieldValue<long[]>(19), KeyValuePair.Create);
        return new KeyRecord(
            Columns.Id(rows, 0),
            Grain(rows),
            listing,
            [.. names.Select((name, i) => new ListedTag(name, values[i], times[i]))],
            new Dictionary<int, long>(reminders),
            TextOrNull(rows, 20));
    }

    public static AliasRecord Alias(NpgsqlDataReader rows) =>
        new(Columns.Id(rows, 0), Grain(rows), TextOrNull(rows, 8), rows.GetBoolean(9));

    public static CountRecord Count(NpgsqlDataReader rows) => new(
        new GrainId((GrainKind)rows.GetInt16(0), Columns.Text(rows, 1), ""), rows.GetInt64(2), rows.GetInt64(3));

    private static string? TextOrNull(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : Columns.Text(rows, column);
}
