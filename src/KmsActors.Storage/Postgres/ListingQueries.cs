using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>The queries behind the listings. Each is one statement, which sees one snapshot.</summary>
internal static class ListingQueries
{
    /// <summary>A page of the keys of account $1, $2 rows after $3, and their total.</summary>
    public const string Keys = """
        SELECT coalesce((SELECT count FROM counts WHERE account = $1 AND kind = 3), 0),
            ARRAY(SELECT key_id FROM keys WHERE account = $1 ORDER BY created_at, key_id LIMIT $2 OFFSET $3)
        """;

    /// <summary>
    /// A page of those that meet the conditions, $9 rows after $10, and their total. To look for what is not there
    /// would cost another look at all.
    /// </summary>
    public const string Matches = $"""
        SELECT total, CASE WHEN $10 < total THEN ARRAY(
            SELECT key_id FROM keys WHERE account = $1 AND {Conditions}
            ORDER BY created_at, key_id LIMIT $9 OFFSET $10) ELSE ARRAY[]::text[] END
        FROM (SELECT count(*) AS total FROM keys WHERE account = $1 AND {Conditions}) AS counted
        """;

    /// <summary>The same of those that have all tags of $9: $10 rows after $11.</summary>
    public const string Tagged = "SELECT total, ids FROM keys_by_tags($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    /// <summary>
    /// The first $4 tags of the keys of account $1 in the projects of $2 and $3. Each is sought past all keys that
    /// have the one before. OFFSET 0 has it look at the tags in their order and at the key of each: most are on the
    /// first key, and one that is on none costs a look at all its keys.
    /// </summary>
    public const string TagsOfProjects = $"""
        WITH RECURSIVE found AS (
            SELECT '' COLLATE "C" AS tag_key, '' COLLATE "C" AS tag_value, (-1)::bigint AS past
            UNION ALL
            SELECT next.* FROM found CROSS JOIN LATERAL (
                SELECT tag_key, tag_value, {Last} FROM tags CROSS JOIN LATERAL (
                    SELECT FROM keys WHERE account = $1 AND created_at = tags.created_at AND key_id = tags.key_id
                    AND {OfProjects} OFFSET 0) AS its
                WHERE tags.account = $1
                AND (tag_key, tag_value, created_at) > (found.tag_key, found.tag_value, found.past)
                ORDER BY tag_key, tag_value LIMIT 1) AS next)
        SELECT tag_key, tag_value FROM found WHERE past > 0 LIMIT $4
        """;

    /// <summary>The same of all projects: the first $2.</summary>
    public const string Tags = $"""
        WITH RECURSIVE found AS (
            SELECT '' COLLATE "C" AS tag_key, '' COLLATE "C" AS tag_value, (-1)::bigint AS past
            UNION ALL
            SELECT next.* FROM found CROSS JOIN LATERAL (
                SELECT tag_key, tag_value, {Last} FROM tags
                WHERE account = $1
                AND (tag_key, tag_value, created_at) > (found.tag_key, found.tag_value, found.past)
                ORDER BY tag_key, tag_value LIMIT 1) AS next)
        SELECT tag_key, tag_value FROM found WHERE past > 0 LIMIT $2
        """;

    /// <summary>A page of the aliases of account $1, $2 rows after $3, and their total.</summary>
    public const string Aliases = """
        SELECT coalesce((SELECT count FROM counts WHERE account = $1 AND kind = 4), 0),
            array_agg(alias), array_agg(key_id)
        FROM (SELECT alias, key_id FROM aliases WHERE account = $1 ORDER BY alias LIMIT $2 OFFSET $3) AS page
        """;

    /// <summary>The same of those of key $4.</summary>
    public const string AliasesOfKey = """
        SELECT (SELECT count(*) FROM aliases WHERE account = $1 AND key_id = $4), array_agg(alias), array_agg(key_id)
        FROM (
            SELECT alias, key_id FROM aliases WHERE account = $1 AND key_id = $4
            ORDER BY alias LIMIT $2 OFFSET $3) AS page
        """;

    /// <summary>Names of the grains of kind $1 and account $2 past $3, $5 of them; tombstones if $4.</summary>
    public const string Names = """
        SELECT name FROM grains WHERE kind = $1 AND account = $2 AND name > $3 AND (counted OR $4)
        ORDER BY name LIMIT $5
        """;

    /// <summary>What account $1 has.</summary>
    public const string Counts = "SELECT kind, count FROM counts WHERE account = $1";

    private const string Last = "9223372036854775807 AS past";

    /// <summary>
    /// That a row of keys is of a set of projects: of $2, or when $3 is true of any other. NULL asks nothing.
    /// </summary>
    private const string OfProjects = "($2::text[] IS NULL OR (enterprise_project = ANY ($2)) <> $3)";

    /// <summary>
    /// What a filter asks of a row of keys: one text for all filters, with $2 to $8. Bit n of a mask is set when
    /// the number n matches; of a name NULL asks nothing. LIKE would know wildcards; strpos compares bytes.
    /// </summary>
    private const string Conditions = $"""
        (($4 >> key_state) & 1) = 1 AND (($5 >> key_spec) & 1) = 1
        AND (($6 >> key_usage) & 1) = 1 AND (($7 >> protection_level) & 1) = 1
        AND ($8::text IS NULL OR strpos(alias, $8) > 0) AND {OfProjects}
        """;

    /// <summary>$1 to $8.</summary>
    public static NpgsqlParameter[] Arguments(string account, KeyFilter filter) =>
    [
        Arg.Text(account),
        .. Arguments(filter.EnterpriseProjects),
        Mask(filter.States?.Select(state => (int)state)),
        Mask(filter.Specs?.Select(spec => (int)spec)),
        Mask(filter.Usages?.Select(usage => (int)usage)),
        Mask(filter.ProtectionLevels?.Select(level => (int)level)),
        Arg.Text(filter.AliasPart),
    ];

    /// <summary>$2 and $3.</summary>
    public static NpgsqlParameter[] Arguments(ProjectSet? projects) =>
        [Arg.Texts(projects?.Names), Arg.Flag(projects is { IsAllBut: true })];

    /// <summary>What <see cref="FilterShape.Wanted"/> says, for the server.</summary>
    public static NpgsqlParameter Argument(IReadOnlyDictionary<string, HashSet<string>> wanted) =>
        Arg.Json(JsonSerializer.Serialize(
            wanted.ToDictionary(tag => StoredText.Of(tag.Key), tag => tag.Value.Select(StoredText.Of))));

    private static NpgsqlParameter Mask(IEnumerable<int>? numbers) =>
        Arg.Long(numbers?.Aggregate(0L, (mask, number) => mask | (1L << number)) ?? ~0L);
}
