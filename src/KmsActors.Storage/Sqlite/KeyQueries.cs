using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Sqlite;

/// <summary>How keys are listed.</summary>
internal static class KeyQueries
{
    /// <summary>A page of an account's keys: ?1, ?2 rows after ?3.</summary>
    public const string Page =
        "SELECT key_id FROM keys WHERE account = ?1 ORDER BY created_at, key_id LIMIT ?2 OFFSET ?3";

    /// <summary>How many of the keys of account ?1 meet the conditions.</summary>
    public const string MatchCount = $"SELECT count(*) FROM keys WHERE account = ?1 AND {Conditions}";

    /// <summary>A page of them: ?9 rows after ?10.</summary>
    public const string MatchPage = $"""
        SELECT key_id FROM keys WHERE account = ?1 AND {Conditions}
        ORDER BY created_at, key_id LIMIT ?9 OFFSET ?10
        """;

    /// <summary>
    /// That a row of keys is of a set of projects: of those in the JSON array ?2, or when ?3 is 1 of any other.
    /// The list is made once. NULL asks nothing.
    /// </summary>
    public const string OfProjects =
        "(?2 IS NULL OR (enterprise_project IN (SELECT value FROM json_each(?2))) <> ?3)";

    /// <summary>
    /// What a filter asks of a row of keys: one text for all filters, with ?2 to ?8. Bit n of a mask is set
    /// when the number n matches; of a name NULL asks nothing. LIKE would know wildcards and fold case; instr
    /// compares bytes.
    /// </summary>
    public const string Conditions = $"""
        (?4 >> key_state) & 1 AND (?5 >> key_spec) & 1
        AND (?6 >> key_usage) & 1 AND (?7 >> protection_level) & 1
        AND (?8 IS NULL OR instr(alias, ?8)) AND {OfProjects}
        """;

    /// <summary>What to bind to ?1 to ?8.</summary>
    public static object?[] Arguments(string account, KeyFilter filter) =>
    [
        account,
        .. Arguments(filter.EnterpriseProjects),
        Mask(filter.States?.Select(state => (int)state)),
        Mask(filter.Specs?.Select(spec => (int)spec)),
        Mask(filter.Usages?.Select(usage => (int)usage)),
        Mask(filter.ProtectionLevels?.Select(level => (int)level)),
        filter.AliasPart,
    ];

    /// <summary>What to bind to ?2 and ?3.</summary>
    public static object?[] Arguments(ProjectSet? projects) =>
        projects is null ? [null, null] : [JsonSerializer.Serialize(projects.Names), projects.IsAllBut];

    private static long Mask(IEnumerable<int>? numbers) =>
        numbers?.Aggregate(0L, (mask, number) => mask | (1L << number)) ?? ~0L;
}
