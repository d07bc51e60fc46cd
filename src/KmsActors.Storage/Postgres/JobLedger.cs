using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>The runs of jobs.</summary>
internal static class JobLedger
{
    /// <summary>Opens run $1 of job $2 at $3, unless one of it is open. Done twice it opens one.</summary>
    private const string Open = """
        INSERT INTO job_runs (id, job, state, opened_at, attempt, done, total, message, stop_asked)
        VALUES ($1, $2, 0, $3, 0, 0, 0, '', false) ON CONFLICT DO NOTHING
        """;

    private const string Begin = $"""
        UPDATE job_runs SET state = 1, node = $2, attempt = attempt + 1, started_at = coalesce(started_at, $3)
        WHERE job = $1 AND finished_at IS NULL RETURNING {Columns}, checkpoint, report
        """;

    private const string Note = """
        UPDATE job_runs SET state = $3, finished_at = $4, done = $5, total = $6, message = $7, checkpoint = $8,
            report = $9
        WHERE id = $1 AND attempt = $2 AND finished_at IS NULL RETURNING stop_asked
        """;

    private const string Stop = $"""
        UPDATE job_runs SET stop_asked = true, state = CASE state WHEN 0 THEN 4 ELSE state END,
            finished_at = CASE state WHEN 0 THEN $2 END
        WHERE job = $1 AND finished_at IS NULL RETURNING {Columns}, NULL::text, NULL::text
        """;

    private const string Last = $"""
        SELECT {Columns}, NULL::text, NULL::text FROM job_runs WHERE job = $1 ORDER BY opened_at DESC, id DESC LIMIT $2
        """;

    private const string Find = $"SELECT {Columns}, checkpoint, report FROM job_runs WHERE id = $1 AND job = $2";

    private const string Prune = """
        WITH gone AS (
            DELETE FROM job_runs USING (
                SELECT id, row_number() OVER (PARTITION BY job ORDER BY opened_at DESC, id DESC) AS place
                FROM job_runs) AS ranked
            WHERE job_runs.id = ranked.id AND place > $1 AND finished_at IS NOT NULL
            RETURNING true)
        SELECT count(*) FROM gone
        """;

    private const string Columns =
        "id, job, state, opened_at, node, attempt, started_at, finished_at, done, total, message, stop_asked";

    public static ValueTask<JobRun?> OpenAsync(
        Server server, string job, string id, DateTimeOffset now, CancellationToken cancellation) => server.AskAsync(
        ReadAsync, cancellation, ToOpen(job, id, now), new Sql(Find, Arg.Text(id), Arg.Text(job)));

    public static ValueTask<JobRun?> BeginAsync(
        Server server, string job, string? id, string node, DateTimeOffset now, CancellationToken cancellation)
    {
        var begin = new Sql(Begin, Arg.Text(job), Arg.Text(node), Arg.Long(now.UtcTicks));
        return id is null
            ? server.AskAsync(ReadAsync, cancellation, begin)
            : server.AskAsync(ReadAsync, cancellation, ToOpen(job, id, now), begin);
    }

    public static ValueTask<JobSignal> NoteAsync(
        Server server, JobRun run, JobNote note, DateTimeOffset now, CancellationToken cancellation) =>
        server.AskAsync(
            static async (rows, cancellation) => !await rows.ReadAsync(cancellation) ? JobSignal.Lost
                : rows.GetBoolean(0) ? JobSignal.Stop
                : JobSignal.None,
            cancellation,
            new Sql(
                Note,
                Arg.Text(run.Id),
                Arg.Number(run.Attempt),
                Arg.Small((int)note.State),
                Arg.LongOrNull(note.IsLast ? now.UtcTicks : null),
                Arg.Long(note.Done),
                Arg.Long(note.Total),
                Arg.Text(note.Message),
                Arg.Text(note.Checkpoint),
                Arg.Text(note.Report)));

    public static ValueTask<JobRun?> StopAsync(
        Server server, string job, DateTimeOffset now, CancellationToken cancellation) =>
        server.AskAsync(ReadAsync, cancellation, new Sql(Stop, Arg.Text(job), Arg.Long(now.UtcTicks)));

    public static ValueTask<JobRun?> FindAsync(
        Server server, string job, string id, CancellationToken cancellation) =>
        server.AskAsync(ReadAsync, cancellation, new Sql(Find, Arg.Text(id), Arg.Text(job)));

    public static ValueTask<List<JobRun>> LastAsync(
        Server server, string job, int most, CancellationToken cancellation) => server.AskAsync(
        static async (rows, cancellation) =>
        {
            List<JobRun> runs = [];
            while (await rows.ReadAsync(cancellation)) runs.Add(Run(rows));
            return runs;
        },
        cancellation,
        new Sql(Last, Arg.Text(job), Arg.Number(most)));

    public static ValueTask<long> PruneAsync(Server server, int kept, CancellationToken cancellation) =>
        server.AskAsync(
            static async (rows, cancellation) => await rows.ReadAsync(cancellation) ? rows.GetInt64(0) : 0,
            cancellation,
            new Sql(Prune, Arg.Number(kept)));

    private static Sql ToOpen(string job, string id, DateTimeOffset now) =>
        new(Open, Arg.Text(id), Arg.Text(job), Arg.Long(now.UtcTicks));

    private static async ValueTask<JobRun?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        // What only opens a run has no rows, and no result.
        return await rows.ReadAsync(cancellation) ? Run(rows) : null;
    }

    private static JobRun Run(NpgsqlDataReader rows) => new(
        Text(rows, 0)!, Text(rows, 1)!, (JobRunState)rows.GetInt16(2), new DateTimeOffset(rows.GetInt64(3), default))
    {
        Node = Text(rows, 4),
        Attempt = rows.GetInt32(5),
        StartedAt = Time(rows, 6),
        FinishedAt = Time(rows, 7),
        Done = rows.GetInt64(8),
        Total = rows.GetInt64(9),
        Message = Text(rows, 10)!,
        StopAsked = rows.GetBoolean(11),
        Checkpoint = Text(rows, 12),
        Report = Text(rows, 13),
    };

    private static string? Text(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : Postgres.Columns.Text(rows, column);

    private static DateTimeOffset? Time(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : new DateTimeOffset(rows.GetInt64(column), default);
}
