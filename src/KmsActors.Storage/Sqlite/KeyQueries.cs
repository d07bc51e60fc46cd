using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Sqlite;

/// <summary>How keys are listed.</summary>
internal static class KeyQueries
{
    /// <summary>A page of an account's keys: ?1, ?2 rows after ?3.</summary>
    public const string Page =
        "SELECT key_id FROM keys WHERE account = ?1 ORDER BY created_at, key_id LIMIT ?2 OFFSET ?3";

    /// <summary>How many of the keys of account ?1 match the masks ?2 to ?5.</summary>
    public const string MatchCount = $"SELECT count(*) {Matches}";

    /// <summary>A page of them: ?6 rows after ?7.</summary>
    public const string MatchPage = $"SELECT key_id {Matches} ORDER BY created_at, key_id LIMIT ?6 OFFSET ?7";

    // Bit n of a mask is set when the number n matches: one statement for all filters.
    private const string Matches = """
        FROM keys WHERE account = ?1
        AND (?2 >> key_state) & 1 AND (?3 >> key_spec) & 1
        AND (?4 >> key_usage) & 1 AND (?5 >> protection_level) & 1
        """;

    /// <summary>The masks of a filter, in the order of the parameters.</summary>
    public static (long States, long Specs, long Usages, long ProtectionLevels) Masks(KeyFilter filter) =>
        (Mask(filter.States?.Select(state => (int)state)),
            Mask(filter.Specs?.Select(spec => (int)spec)),
            Mask(filter.Usages?.Select(usage => (int)usage)),
            Mask(filter.ProtectionLevels?.Select(level => (int)level)));

    private static long Mask(IEnumerable<int>? numbers) =>
        numbers?.Aggregate(0L, (mask, number) => mask | (1L << number)) ?? ~0L;
}
