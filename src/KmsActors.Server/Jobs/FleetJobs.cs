using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// The jobs, and what can be asked about them at any node: it is answered from the ledger, whichever node runs them.
/// </summary>
internal sealed class FleetJobs(IReadOnlyList<IFleetJob> jobs, IJobLedger ledger, TimeProvider time, RequestIds ids)
{
    /// <summary>How many runs a list of them has at most.</summary>
    public const int MostListed = 20;

    /// <summary>All of them, in the order in which they are shown.</summary>
    public IReadOnlyList<IFleetJob> All => jobs;

    /// <summary>Told of each run that is asked for. While nobody is, it is begun at a node's next start.</summary>
    public Func<JobRun, CancellationToken, Task> Begin { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The job of this name, or null.</summary>
    public IFleetJob? Find(string name) => jobs.FirstOrDefault(job => job.Name == name);

    /// <summary>When it runs next by its schedule, UTC; null for never.</summary>
    public DateTimeOffset? NextOf(IFleetJob job) =>
        JobOptions.Parse(job.Schedule)?.GetNextValidTimeAfter(time.GetUtcNow());

    /// <summary>Its last runs, latest first.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<IReadOnlyList<JobRun>> RunsOfAsync(IFleetJob job, int most, CancellationToken cancellation) =>
        ledger.LastRunsAsync(job.Name, most, cancellation);

    /// <summary>One of its runs, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<JobRun?> FindRunAsync(IFleetJob job, string id, CancellationToken cancellation) =>
        ledger.FindRunAsync(job.Name, id, cancellation);

    /// <summary>Asks for a run of it; null if one is open.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public async Task<JobRun?> StartAsync(IFleetJob job, CancellationToken cancellation)
    {
        var run = await ledger.OpenRunAsync(job.Name, ids.Next(), time.GetUtcNow(), cancellation);
        if (run is null) return null;
        try
        {
            // What has been asked for is not to be left half asked for because the caller has gone.
            await Begin(run, CancellationToken.None);
            return run;
        }
        catch (StoreUnavailableException)
        {
            await ledger.StopRunAsync(job.Name, time.GetUtcNow(), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Asks its open run to stop; null if none is open.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<JobRun?> StopAsync(IFleetJob job, CancellationToken cancellation) =>
        ledger.StopRunAsync(job.Name, time.GetUtcNow(), cancellation);
}
