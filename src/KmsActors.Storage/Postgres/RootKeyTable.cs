using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Postgres;

/// <summary>The versions of the root key.</summary>
internal static class RootKeyTable
{
    /// <summary>Up to $2 grains that need a version before $1.</summary>
    internal const string Needing = """
        SELECT kind, account, name FROM grains WHERE root_key_version < $1 LIMIT $2
        """;

    private const string All =
        "SELECT version, sealed, made_at, clock_timestamp() - made_at FROM root_keys ORDER BY version";

    private const string Add =
        "INSERT INTO root_keys (version, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true";

    // Those that differ are locked and not updated, and so the counts do not fit.
    private const string Reseal = """
        WITH given AS (SELECT * FROM unnest($1, $2, $3) AS given (version, before, after)),
        found AS (SELECT version, sealed FROM root_keys FOR UPDATE),
        fits AS (
            SELECT count(*) = (SELECT count(*) FROM given) AND bool_and(sealed IS NOT DISTINCT FROM before)
                AS all_of_them
            FROM found LEFT JOIN given USING (version)),
        done AS (
            UPDATE root_keys SET sealed = after FROM given, fits
            WHERE root_keys.version = given.version AND all_of_them RETURNING true)
        SELECT count(*) > 0 FROM done
        """;

    private const string Remove = "SELECT remove_root_keys_before($1)";

    private const string Count = """
        SELECT root_key_version, count(*) FROM grains WHERE root_key_version IS NOT NULL GROUP BY root_key_version
        """;

    public static ValueTask<IReadOnlyList<StoredRootKey>> AllAsync(Server server, CancellationToken cancellation) =>
        server.AskAsync<IReadOnlyList<StoredRootKey>>(
            static async (rows, cancellation) =>
            {
                List<StoredRootKey> keys = [];
                while (await rows.ReadAsync(cancellation))
                {
                    keys.Add(new StoredRootKey(
                        rows.GetInt64(0),
                        rows.GetFieldValue<byte[]>(1),
                        rows.GetFieldValue<DateTimeOffset>(2),
                        rows.GetFieldValue<TimeSpan>(3)));
                }

                return keys;
            },
            cancellation,
            new Sql(All));

    public static ValueTask<bool> AddAsync(
        Server server, long version, byte[] sealedKey, CancellationToken cancellation) => server.DoAsync(
        static async (rows, cancellation) => await rows.ReadAsync(cancellation),
        new Sql(Add, Arg.Long(version), Arg.Bytes(sealedKey)),
        cancellation);

    public static ValueTask<bool> ResealAsync(
        Server server, IReadOnlyList<ResealedRootKey> keys, CancellationToken cancellation) => server.DoAsync(
        static async (rows, cancellation) => await rows.ReadAsync(cancellation) && rows.GetBoolean(0),
        new Sql(
            Reseal,
            Arg.Longs([.. keys.Select(key => key.Version)]),
            Arg.Bytes([.. keys.Select(key => key.Before)]),
            Arg.Bytes([.. keys.Select(key => key.After)])),
        cancellation);

    public static ValueTask<bool> RemoveBeforeAsync(Server server, long version, CancellationToken cancellation) =>
        server.AskAsync(
            static async (rows, cancellation) =>
            {
                await rows.ReadAsync(cancellation);
                return rows.GetBoolean(0);
            },
            cancellation,
            new Sql(Remove, Arg.Long(version)));

    public static ValueTask<IReadOnlyDictionary<long, long>> CountAsync(
        Server server, CancellationToken cancellation) => server.AskAsync<IReadOnlyDictionary<long, long>>(
        static async (rows, cancellation) =>
        {
            Dictionary<long, long> counts = [];
            while (await rows.ReadAsync(cancellation)) counts.Add(rows.GetInt64(0), rows.GetInt64(1));
            return counts;
        },
        cancellation,
        new Sql(Count));

    public static ValueTask<IReadOnlyList<GrainId>> NeedingAsync(
        Server server, long version, int most, CancellationToken cancellation) =>
        server.AskAsync<IReadOnlyList<GrainId>>(
            static async (rows, cancellation) =>
            {
                List<GrainId> ids = [];
                while (await rows.ReadAsync(cancellation)) ids.Add(Columns.Id(rows, 0));
                return ids;
            },
            cancellation,
            new Sql(Needing, Arg.Long(version), Arg.Number(most)));
}
