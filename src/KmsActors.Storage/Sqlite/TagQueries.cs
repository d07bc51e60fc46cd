namespace KmsActors.Storage.Sqlite;

/// <summary>How keys are found by their tags, and the tags themselves.</summary>
internal static class TagQueries
{
    /// <summary>The tags of key ?2 of account ?1.</summary>
    public const string OfKey = "SELECT tag_key, tag_value, created_at FROM tags WHERE account = ?1 AND key_id = ?2";

    /// <summary>Removes them.</summary>
    public const string RemoveOfKey = "DELETE FROM tags WHERE account = ?1 AND key_id = ?2";

    /// <summary>How many keys of account ?1 have a tag ?2 of the values ?3, counted up to ?4.</summary>
    public static readonly string Count = $"SELECT count(*) FROM (SELECT 1 FROM {Tagged("?2", "?3")} LIMIT ?4)";

    /// <summary>
    /// The keys of account ?1 that have a tag ?9 of the values ?10, meet <see cref="KeyQueries.Conditions"/>,
    /// and have all ?11 tags of ?12, a JSON object of which ?9 and ?10 are one property.
    /// </summary>
    /// <remarks>
    /// CROSS has the keys looked up by their tags, and never the other way round. The lists in the last
    /// condition are made once and kept in b-trees; a key has a tag once, so to count its matches is enough.
    /// </remarks>
    public static readonly string Keys = $"""
        WITH wanted (tag_key, tag_value) AS (
            SELECT tag.key, each.value FROM json_each(?12) AS tag LEFT JOIN json_each(tag.value) AS each)
        SELECT keys.key_id FROM {Tagged("?9", "?10")} AS tagged
        CROSS JOIN keys ON keys.account = ?1
            AND (keys.created_at, keys.key_id) = (tagged.created_at, tagged.key_id)
        WHERE {KeyQueries.Conditions}
        AND (?11 = 1 OR ?11 = (
            SELECT count(*) FROM tags WHERE account = ?1 AND key_id = keys.key_id
            AND ((tag_key, tag_value) IN (SELECT tag_key, tag_value FROM wanted)
                OR tag_key IN (SELECT tag_key FROM wanted WHERE tag_value IS NULL))))
        ORDER BY keys.created_at, keys.key_id
        """;

    /// <summary>The first tag of account ?1 past the tag ?2 = ?3 of keys until ?4.</summary>
    public const string Next = """
        SELECT tag_key, tag_value FROM tags
        WHERE account = ?1 AND (tag_key, tag_value, created_at) > (?2, ?3, ?4)
        ORDER BY tag_key, tag_value LIMIT 1
        """;

    /// <summary>
    /// The first tag past the tag ?4 = ?5 of keys until ?6 that a key of the projects has. CROSS has it look at
    /// the tags in their order: most are on the first key, and one that is on none costs a look at all its keys.
    /// </summary>
    public const string NextOfProjects = $"""
        SELECT tag_key, tag_value FROM tags
        CROSS JOIN keys ON keys.account = ?1 AND (keys.created_at, keys.key_id) = (tags.created_at, tags.key_id)
        WHERE tags.account = ?1 AND (tag_key, tag_value, tags.created_at) > (?4, ?5, ?6)
        AND {KeyQueries.OfProjects}
        ORDER BY tag_key, tag_value LIMIT 1
        """;

    // The values are a JSON array, or NULL for any. Two branches, because one condition for both would look
    // at all values of the tag to find the keys that have one of them.
    private static string Tagged(string key, string values) => $"""
        (SELECT created_at, key_id FROM tags WHERE account = ?1 AND tag_key = {key}
            AND tag_value IN (SELECT value FROM json_each({values}))
        UNION ALL
        SELECT created_at, key_id FROM tags WHERE account = ?1 AND tag_key = {key} AND {values} IS NULL)
        """;
}
