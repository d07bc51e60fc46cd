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

    /// <summary>A page of them: ?8 rows after ?9.</summary>
    public const string MatchPage = $"""
        SELECT key_id FROM keys WHERE account = ?1 AND {Conditions}
        ORDER BY created_at, key_id LIMIT ?8 OFFSET ?9
        """;

    /// <summary>
    /// What a filter asks of a row of keys: one text for all filters, with ?2 to ?7. Bit n of a mask is set
    /// when the number n matches; of a name or project NULL asks nothing. LIKE would know wildcards and fold
    /// case; instr compares bytes.
    /// </summary>
    public const string Conditions = """
        (?2 >> key_state) & 1 AND (?3 >> key_spec) & 1
        AND (?4 >> key_usage) & 1 AND (?5 >> protection_level) & 1
        AND (?6 IS NULL OR enterprise_project = ?6) AND (?7 IS NULL OR instr(alias, ?7))
        """;

    /// <summary>What to bind to ?1 to ?7.</summary>
    public static object?[] Arguments(string account, KeyFilter filter) =>
    [
        account,
        Mask(filter.States?.Select(state => (int)state)),
        Mask(filter.Specs?.Select(spec => (int)spec)),
        Mask(filter.Usages?.Select(usage => (int)usage)),
        Mask(filter.ProtectionLevels?.Select(level => (int)level)),
        filter.EnterpriseProject,
        filter.AliasPart,
    ];

    private static long Mask(IEnumerable<int>? numbers) =>
        numbers?.Aggregate(0L, (mask, number) => mask | (1L << number)) ?? ~0L;
}
