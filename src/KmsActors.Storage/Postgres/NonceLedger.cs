namespace KmsActors.Storage.Postgres;

/// <summary>Which nonces are spent, for all nodes.</summary>
internal static class NonceLedger
{
    /// <summary>
    /// Spends nonce $2, that counts until $1; no row if it is spent, or that time is over and it may have been pruned.
    /// The commit does not wait for the log, as what the nonce is spent on will.
    /// </summary>
    internal const string Spend = """
        INSERT INTO nonces (until, nonce)
        SELECT $1, $2 FROM set_config('synchronous_commit', 'off', true) WHERE $1 > clock_timestamp()
        ON CONFLICT DO NOTHING RETURNING true
        """;

    /// <summary>
    /// Up to $1 nonces go whose time is over, and longer than a statement that still found it good can take; how many.
    /// Those that another node is removing are its own. An index is of use to now() alone.
    /// </summary>
    internal const string Prune = """
        WITH gone AS (
            DELETE FROM nonces WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM nonces WHERE until < now() - interval '1 minute'
                ORDER BY until, nonce LIMIT $1 FOR UPDATE SKIP LOCKED))
            RETURNING true)
        SELECT count(*) FROM gone
        """;

    /// <summary>True for the first who spends it.</summary>
    public static ValueTask<bool> SpendAsync(
        Server server, Guid nonce, DateTimeOffset until, CancellationToken cancellation) => server.DoAsync(
        static async (rows, cancellation) => await rows.ReadAsync(cancellation),
        new Sql(Spend, Arg.Time(until), Arg.Uuid(nonce)),
        cancellation);

    /// <summary>Removes up to so many of those whose time is over; how many.</summary>
    public static ValueTask<long> PruneAsync(Server server, int most, CancellationToken cancellation) =>
        server.AskAsync(
            static async (rows, cancellation) => await rows.ReadAsync(cancellation) ? rows.GetInt64(0) : 0,
            cancellation,
            new Sql(Prune, Arg.Number(most)));
}
