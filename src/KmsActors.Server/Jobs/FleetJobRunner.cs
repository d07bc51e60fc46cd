using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// Runs a job at this node and keeps the ledger of it: begins the run that is open, or one that is not yet, tells how
/// it goes on, hears whether it is to stop, and ends it. That nobody else is at it is the scheduler's to see to; if he
/// is wrong, the ledger tells this node that the run is another's, and it stops.
/// </summary>
internal sealed partial class FleetJobRunner(
    IJobLedger ledger, string node, TimeProvider time, JobOptions options, RequestIds ids, ILogger<FleetJobRunner> log)
{
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>Runs it to its end.</summary>
    /// <param name="job">The job.</param>
    /// <param name="mayOpen">Whether to open a run if none is open.</param>
    /// <param name="stopping">This node stops; the run then waits for another.</param>
    /// <exception cref="OperationCanceledException">The run is not at its end, as this node stops.</exception>
    public async Task RunAsync(IFleetJob job, bool mayOpen, CancellationToken stopping)
    {
        var id = mayOpen ? ids.Next() : null;
        var begun = await UntilStoredAsync(
            () => ledger.BeginRunAsync(job.Name, id, node, time.GetUtcNow(), CancellationToken.None), stopping);
        if (begun is null) return;
        Begun(log, job.Name, begun.Id, begun.Attempt);
        var run = new FleetRun(begun, time, options.RowsPerSecond);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        if (begun.StopAsked) await stop.CancelAsync();
        var watching = WatchAsync(run, stop, ended.Token);
        var end = await EndAsync(job, run, stop.Token, stopping);
        await ended.CancelAsync();
        await watching;
        var signal = await UntilStoredAsync(
            () => ledger.NoteRunAsync(begun, end, time.GetUtcNow(), CancellationToken.None), stopping);
        Ended(log, job.Name, begun.Id, begun.Attempt, signal == JobSignal.Lost ? "Lost" : end.State.ToString());
        if (end.State == JobRunState.Waiting) stopping.ThrowIfCancellationRequested();
    }

    private async Task<JobNote> EndAsync(
        IFleetJob job, FleetRun run, CancellationToken stop, CancellationToken stopping)
    {
        try
        {
            var report = await WhileStoredAsync(job, run, stop);
            return run.End(JobRunState.Succeeded, null, report);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return run.End(
                stopping.IsCancellationRequested ? JobRunState.Waiting : JobRunState.Cancelled, null, null);
        }
        catch (Exception fault)
        {
            Failed(log, fault, job.Name, run.Run.Id);
            return run.End(JobRunState.Failed, $"{fault.GetType().Name}; the log of {node} says more.", null);
        }
    }

    /// <summary>The store's being away is no fault of the job: it begins again where it was.</summary>
    private async Task<JobReport> WhileStoredAsync(IFleetJob job, FleetRun run, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return await job.RunAsync(run, stop);
            }
            catch (StoreUnavailableException unavailable)
            {
                Unavailable(log, unavailable, job.Name, run.Run.Id);
                await Task.Delay(RetryInterval, time, stop);
            }
        }
    }

    /// <summary>Writes notes until the attempt has ended; stops it when asked to, or when it is another's.</summary>
    private async Task WatchAsync(FleetRun run, CancellationTokenSource stop, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(NoteInterval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            try
            {
                var signal = await ledger.NoteRunAsync(run.Run, run.Latest, time.GetUtcNow(), CancellationToken.None);
                if (signal != JobSignal.None) await stop.CancelAsync();
            }
            catch (StoreUnavailableException)
            {
                // The next note says more.
            }
        }
    }

    /// <summary>Tries until the store answers, or this node stops.</summary>
    private async Task<T> UntilStoredAsync<T>(Func<ValueTask<T>> ask, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreUnavailableException) when (!stopping.IsCancellationRequested)
            {
                await Task.Delay(RetryInterval, time, stopping);
            }
        }
    }

    [LoggerMessage(400, LogLevel.Information, "Run {Run} of {Job}, attempt {Attempt}, has ended here: {State}")]
    private static partial void Ended(ILogger log, string job, string run, int attempt, string state);

    [LoggerMessage(403, LogLevel.Information, "Run {Run} of {Job}, attempt {Attempt}, is begun here")]
    private static partial void Begun(ILogger log, string job, string run, int attempt);

    [LoggerMessage(401, LogLevel.Error, "Run {Run} of {Job} failed")]
    private static partial void Failed(ILogger log, Exception exception, string job, string run);

    [LoggerMessage(402, LogLevel.Warning, "Run {Run} of {Job} waits for the store")]
    private static partial void Unavailable(ILogger log, Exception exception, string job, string run);
}
