namespace KmsActors.Grains.Hosting;

/// <summary>
/// What came of the last runs of the fleet's jobs, and how far those under way have come: the same from every node,
/// and after a restart. Of a job one run is open at most, which is its latest. Whatever is written may be written
/// twice.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IJobLedger
{
    /// <summary>Opens a run that waits to be begun.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="id">What the run is to be called; never used before.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The run, or null when another of this job is open.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<JobRun?> OpenRunAsync(string job, string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Begins an attempt at the job's open run, whoever was at it before: what he writes from now on is lost.
    /// </summary>
    /// <param name="job">The job's name.</param>
    /// <param name="id">What a run is to be called that is opened if none is open; null to open none.</param>
    /// <param name="node">Who begins it.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The run as it has become, with its checkpoint; or null when there is none to begin.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<JobRun?> BeginRunAsync(
        string job, string? id, string node, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Writes what an attempt has come to.</summary>
    /// <param name="run">Of which run, and of which attempt.</param>
    /// <param name="note">
    /// How far it has come: <see cref="JobRunState.Running"/> still, <see cref="JobRunState.Waiting"/> to be begun
    /// again, or finished.
    /// </param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<JobSignal> NoteRunAsync(JobRun run, JobNote note, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Asks the job's open run to stop. One that waits to be begun is cancelled at once; one that is under way learns
    /// of it by its next note.
    /// </summary>
    /// <returns>The run, or null when none is open.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<JobRun?> StopRunAsync(string job, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The job's last runs, latest first, without their checkpoints and reports.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyList<JobRun>> LastRunsAsync(string job, int most, CancellationToken cancellation);

    /// <summary>One run of the job with its report, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<JobRun?> FindRunAsync(string job, string id, CancellationToken cancellation);

    /// <summary>Forgets finished runs of every job but its last <paramref name="kept"/>; how many.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<long> PruneRunsAsync(int kept, CancellationToken cancellation);
}

/// <summary>Where a run is. The numbers are stored; never reuse one.</summary>
public enum JobRunState
{
    /// <summary>It has been asked for, or its node was stopped: some node will begin it.</summary>
    Waiting = 0,

    /// <summary>A node is at it, or was when it was killed.</summary>
    Running = 1,

    /// <summary>It has done what there was to do.</summary>
    Succeeded = 2,

    /// <summary>It has ended by a fault.</summary>
    Failed = 3,

    /// <summary>It was asked to stop.</summary>
    Cancelled = 4,
}

/// <summary>A run of a job.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Job">The job's.</param>
/// <param name="State">Where it is.</param>
/// <param name="OpenedAt">When it was asked for, UTC.</param>
public sealed record JobRun(string Id, string Job, JobRunState State, DateTimeOffset OpenedAt)
{
    /// <summary>The node that is at it, or was last; null before it was begun.</summary>
    public string? Node { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempt { get; init; }

    /// <summary>When it was begun first, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How much of it is done, in whatever its job counts.</summary>
    public long Done { get; init; }

    /// <summary>How much there is to do, as far as is known; 0 when it is not.</summary>
    public long Total { get; init; }

    /// <summary>What the job says of it, for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>From where another attempt goes on; null for the beginning.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether it is to stop.</summary>
    public bool StopAsked { get; init; }

    /// <summary>What has come of it, JSON; null until it has ended, or if it says nothing.</summary>
    public string? Report { get; init; }
}

/// <summary>How far an attempt has come.</summary>
/// <param name="State">Where the run is then.</param>
/// <param name="Done">As <see cref="JobRun.Done"/>.</param>
/// <param name="Total">As <see cref="JobRun.Total"/>.</param>
/// <param name="Message">As <see cref="JobRun.Message"/>.</param>
/// <param name="Checkpoint">As <see cref="JobRun.Checkpoint"/>.</param>
/// <param name="Report">As <see cref="JobRun.Report"/>.</param>
public sealed record JobNote(
    JobRunState State, long Done, long Total, string Message, string? Checkpoint, string? Report)
{
    /// <summary>Whether nothing comes after it.</summary>
    public bool IsLast => State is not (JobRunState.Waiting or JobRunState.Running);
}

/// <summary>What an attempt learns when it writes a note.</summary>
public enum JobSignal
{
    /// <summary>Go on.</summary>
    None,

    /// <summary>It is to stop.</summary>
    Stop,

    /// <summary>Somebody else is at it, or has ended it; nothing was written.</summary>
    Lost,
}
