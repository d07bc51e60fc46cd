using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <content>What jobs need. It is rare, so each is on a connection of its own rather than in the queue.</content>
public sealed partial class SqliteGrainStore
{
    private const string RunColumns =
        "id, job, state, opened_at, node, attempt, started_at, finished_at, done, total, message, stop_asked";

    private const string OpenRun = """
        INSERT INTO job_runs (id, job, state, opened_at, attempt, done, total, message, stop_asked)
        VALUES (?1, ?2, 0, ?3, 0, 0, 0, '', 0) ON CONFLICT DO NOTHING
        """;

    private const string BeginRun = $"""
        UPDATE job_runs SET state = 1, node = ?2, attempt = attempt + 1, started_at = coalesce(started_at, ?3)
        WHERE job = ?1 AND finished_at IS NULL RETURNING {RunColumns}, checkpoint, report
        """;

    private const string NoteRun = """
        UPDATE job_runs SET state = ?3, finished_at = ?4, done = ?5, total = ?6, message = ?7, checkpoint = ?8,
            report = ?9
        WHERE id = ?1 AND attempt = ?2 AND finished_at IS NULL RETURNING stop_asked
        """;

    private const string StopRun = $"""
        UPDATE job_runs SET stop_asked = 1, state = CASE state WHEN 0 THEN 4 ELSE state END,
            finished_at = CASE state WHEN 0 THEN ?2 END
        WHERE job = ?1 AND finished_at IS NULL RETURNING {RunColumns}, NULL, NULL
        """;

    private const string LastRuns =
        $"SELECT {RunColumns}, NULL, NULL FROM job_runs WHERE job = ?1 ORDER BY opened_at DESC, id DESC LIMIT ?2";

    private const string FindRun = $"SELECT {RunColumns}, checkpoint, report FROM job_runs WHERE id = ?1 AND job = ?2";

    private const string PruneRuns = """
        DELETE FROM job_runs WHERE finished_at IS NOT NULL AND id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY job ORDER BY opened_at DESC, id DESC) AS place FROM job_runs)
            WHERE place > ?1)
        """;

    /// <inheritdoc/>
    public ValueTask<JobRun?> OpenRunAsync(
        string job, string id, DateTimeOffset now, CancellationToken cancellation) => OnConnection(
        connection =>
        {
            Run(connection, OpenRun, id, job, now.UtcTicks);
            return FirstRun(connection, FindRun, id, job);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> BeginRunAsync(
        string job, string? id, string node, DateTimeOffset now, CancellationToken cancellation) => OnConnection(
        connection =>
        {
            if (id is not null) Run(connection, OpenRun, id, job, now.UtcTicks);
            return FirstRun(connection, BeginRun, job, node, now.UtcTicks);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<JobSignal> NoteRunAsync(
        JobRun run, JobNote note, DateTimeOffset now, CancellationToken cancellation) => OnConnection(
        connection =>
        {
            using var update = new Statement(connection, NoteRun);
            var stop = update.Number(
                run.Id, run.Attempt, (long)note.State, note.IsLast ? now.UtcTicks : null,
                note.Done, note.Total, note.Message, note.Checkpoint, note.Report);
            return stop switch { null => JobSignal.Lost, 0 => JobSignal.None, _ => JobSignal.Stop };
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> StopRunAsync(string job, DateTimeOffset now, CancellationToken cancellation) =>
        OnConnection(connection => FirstRun(connection, StopRun, job, now.UtcTicks), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JobRun>> LastRunsAsync(string job, int most, CancellationToken cancellation) =>
        OnConnection<IReadOnlyList<JobRun>>(
            connection =>
            {
                using var select = new Statement(connection, LastRuns);
                using var rows = select.Read(job, most);
                List<JobRun> runs = [];
                while (rows.Read()) runs.Add(RunOf(rows));
                return runs;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> FindRunAsync(string job, string id, CancellationToken cancellation) =>
        OnConnection(connection => FirstRun(connection, FindRun, id, job), cancellation);

    /// <inheritdoc/>
    public ValueTask<long> PruneRunsAsync(int kept, CancellationToken cancellation) =>
        OnConnection(connection => (long)Run(connection, PruneRuns, kept), cancellation);

    private static int Run(SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new Statement(connection, sql);
        return statement.Run(values);
    }

    private static JobRun? FirstRun(SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new Statement(connection, sql);
        using var rows = statement.Read(values);
        return rows.Read() ? RunOf(rows) : null;
    }

    private static JobRun RunOf(SqliteDataReader rows) => new(
        rows.GetString(0),
        rows.GetString(1),
        (JobRunState)rows.GetByte(2),
        new DateTimeOffset(rows.GetInt64(3), default))
    {
        Node = rows.IsDBNull(4) ? null : rows.GetString(4),
        Attempt = rows.GetInt32(5),
        StartedAt = rows.IsDBNull(6) ? null : new DateTimeOffset(rows.GetInt64(6), default),
        FinishedAt = rows.IsDBNull(7) ? null : new DateTimeOffset(rows.GetInt64(7), default),
        Done = rows.GetInt64(8),
        Total = rows.GetInt64(9),
        Message = rows.GetString(10),
        StopAsked = rows.GetBoolean(11),
        Checkpoint = rows.IsDBNull(12) ? null : rows.GetString(12),
        Report = rows.IsDBNull(13) ? null : rows.GetString(13),
    };

    private ValueTask<T> OnConnection<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        if (IsClosed) return ValueTask.FromException<T>(new StoreUnavailableException(Closed));
        try
        {
            using var connection = _database.OpenWriter();
            return ValueTask.FromResult(work(connection));
        }
        catch (SqliteException e)
        {
            return ValueTask.FromException<T>(new StoreUnavailableException("The database cannot be written.", e));
        }
    }
}
