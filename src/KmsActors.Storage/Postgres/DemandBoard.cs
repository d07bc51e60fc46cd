using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Postgres;

/// <summary>Where nodes tell each other how much of a limit they are asked for.</summary>
internal static class DemandBoard
{
    /// <summary>
    /// Node $1 is asked for $3 of the limits $2, and for nothing of others; what others are asked for, by what they
    /// told within $4, and how many nodes are alive.
    /// </summary>
    private const string Exchange = """
        WITH gone AS (
            DELETE FROM demands
            WHERE (node = $1 AND limit_name <> ALL ($2)) OR at < clock_timestamp() - interval '1 minute'),
        own AS (
            INSERT INTO demands (node, limit_name, per_second, at)
            SELECT $1, limit_name, per_second, clock_timestamp() FROM unnest($2, $3) AS own (limit_name, per_second)
            ON CONFLICT (node, limit_name) DO UPDATE SET per_second = excluded.per_second, at = excluded.at)
        SELECT alive.count, limit_name, per_second
        FROM (SELECT count(*) FROM nodes WHERE beat_at > clock_timestamp() - interval '2 seconds') AS alive
        LEFT JOIN (
            SELECT limit_name, sum(per_second) AS per_second FROM demands
            WHERE node <> $1 AND at > clock_timestamp() - $4 GROUP BY limit_name) AS others ON true
        """;

    /// <summary>Puts up what a node is asked for, and reads what others are.</summary>
    public static ValueTask<BoardPage> ExchangeAsync(
        Server server,
        Guid node,
        IReadOnlyDictionary<string, double> own,
        TimeSpan age,
        CancellationToken cancellation) =>
        server.AskAsync(
            static async (rows, cancellation) =>
            {
                Dictionary<string, double> others = [];
                var nodes = 1;
                while (await rows.ReadAsync(cancellation))
                {
                    nodes = Math.Max(1, (int)rows.GetInt64(0));
                    if (!await rows.IsDBNullAsync(1, cancellation)) others.Add(rows.GetString(1), rows.GetDouble(2));
                }

                return new BoardPage(others, nodes);
            },
            cancellation,
            new Sql(
                Exchange,
                Arg.Uuid(node),
                Arg.Texts(own.Keys),
                Arg.Doubles([.. own.Values]),
                Arg.Span(age)));
}
