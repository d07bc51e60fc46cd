namespace KmsActors.Storage.Postgres;

/// <summary>How nodes tell of themselves and hear of changes.</summary>
internal static class FeedQueries
{
    /// <summary>Node $1 is alive, and heeds all that was committed before $2.</summary>
    public const string Beat = """
        INSERT INTO nodes (node, beat_at, applied_at) VALUES ($1, clock_timestamp(), coalesce($2, '-infinity'))
        ON CONFLICT (node) DO UPDATE SET beat_at = excluded.beat_at, applied_at = excluded.applied_at
        RETURNING beat_at
        """;

    /// <summary>
    /// The changes from $1 on, or none when it is null, all in one snapshot with where that ends and whether they
    /// are all. They are not when some were pruned; nor when the position is not of this server: that it is past
    /// every transaction shows a copy restored from an older one.
    /// </summary>
    public const string Read = """
        SELECT pg_snapshot_xmin(snapshot)::text::bigint,
            $1 IS NULL OR (pruned_to <= $1 AND $1 <= pg_snapshot_xmax(snapshot)),
            pg_postmaster_start_time(), kind, account, name, etag
        FROM (SELECT pg_current_snapshot() AS snapshot, pruned_to FROM feed) AS feed
        LEFT JOIN (
            SELECT kind, account, name, max(etag) AS etag FROM changes WHERE xid >= $1
            GROUP BY kind, account, name) AS changed ON true
        """;

    /// <summary>
    /// A time, $1 or now, and how many nodes but $2 have told within $3 that they are alive and not yet that they
    /// heed what was committed until then.
    /// </summary>
    public const string Spread = """
        SELECT at, count(node) FROM (SELECT clock_timestamp() AS now, coalesce($1, clock_timestamp()) AS at) AS asked
        LEFT JOIN nodes ON node <> $2 AND beat_at >= now - $3 AND applied_at <= at
        GROUP BY at
        """;

    /// <summary>Node $1 serves no more.</summary>
    public const string Leave = "DELETE FROM nodes WHERE node = $1";

    /// <summary>What was kept for longer than $1 goes, $2 of it at most.</summary>
    public const string Prune = "SELECT prune($1, $2)";

    /// <summary>
    /// Numbers of transactions that this server has not had yet came with a copy from another, where they were
    /// others.
    /// </summary>
    public const string ForgetAnotherServer = """
        DELETE FROM changes WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());
        UPDATE feed SET pruned_to = pg_current_xact_id(), mark = pg_current_xact_id(), marked_at = clock_timestamp()
        WHERE greatest(pruned_to, mark) > pg_snapshot_xmax(pg_current_snapshot())
        """;
}
