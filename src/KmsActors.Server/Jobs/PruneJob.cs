using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;

namespace KmsActors.Server;

/// <summary>
/// Removes what no node needs any more: of a database that nodes share the changes that all have read and the nonces
/// whose time is over, and everywhere old runs of jobs. A batch at a time, so that nobody waits for it.
/// </summary>
internal sealed class PruneJob(JobOptions options, IJobLedger ledger, PostgresGrainStore? shared) : IFleetJob
{
    private const int Batch = 2_000;

    /// <inheritdoc/>
    public string Name => "prune";

    /// <inheritdoc/>
    public string Description => "Removes changes, nonces and runs of jobs that nobody needs any more.";

    /// <inheritdoc/>
    public string Schedule => options.PruneSchedule;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(FleetRun run, CancellationToken cancellation)
    {
        var report = JobReport.Empty;
        while (shared is not null && await shared.PruneChangesAsync(Batch, cancellation))
            await run.PaceAsync(Batch, cancellation);
        for (var removed = Batch; shared is not null && removed == Batch;)
        {
            removed = (int)await shared.PruneNoncesAsync(Batch, cancellation);
            report = report.Plus("nonces", removed);
            await run.PaceAsync(removed, cancellation);
        }

        return report.Plus("runs", await ledger.PruneRunsAsync(options.RunsKept, cancellation));
    }
}
