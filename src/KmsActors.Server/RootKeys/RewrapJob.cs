using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// After a rotation of the root key: wraps anew what is under its old version, and destroys that when nothing needs it
/// any more. Where it has come to is in the rows themselves, so a run that was cut off goes on there.
/// </summary>
internal sealed class RewrapJob(Kms kms, RootKeyKeeper rootKeys, JobOptions options) : IFleetJob
{
    /// <summary>What it is called.</summary>
    public const string JobName = "rewrap";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => JobName;

    /// <inheritdoc/>
    public string Description => "Wraps everything under the root key's latest version, and destroys older ones.";

    /// <inheritdoc/>
    public string Schedule => options.RewrapSchedule;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(FleetRun run, CancellationToken cancellation)
    {
        var newest = (await rootKeys.RefreshAsync(cancellation))[^1].Version;
        var total = run.Done + await LeftAsync(newest, cancellation);
        await UntilCurrentAsync(run, newest, total, cancellation);
        HashSet<GrainId> failed = [];
        while (true)
        {
            try
            {
                if (await StepAsync(run, newest, total, failed, cancellation) is { } report) return report;
            }
            catch (HsaUnavailableException)
            {
                Note(run, run.Done, total, "waits for the hardware module");
                await Task.Delay(Pause, kms.Time, cancellation);
            }
        }
    }

    /// <summary>Rewraps some; what has come of it all if nothing is left.</summary>
    private async Task<JobReport?> StepAsync(
        FleetRun run, long newest, long total, HashSet<GrainId> failed, CancellationToken cancellation)
    {
        var done = await RewrapGrains.RunAsync(kms, rootKeys.Table, newest, failed, cancellation);
        if (done > 0)
        {
            Note(run, run.Done + done, total, $"under root key version {newest}");
            await run.PaceAsync(done, cancellation);
            return null;
        }

        if (failed.Count > 0) return ReportOf(run.Done, failed);
        if (await rootKeys.RetireBeforeAsync(newest, cancellation))
            return JobReport.Empty.Plus("rewrapped", run.Done);
        // Something was wrapped under the old version until a moment ago.
        await Task.Delay(Pause, kms.Time, cancellation);
        return null;
    }

    private static JobReport ReportOf(long done, IReadOnlySet<GrainId> failed)
    {
        var report = JobReport.Empty.Plus("rewrapped", done);
        foreach (var id in failed)
        {
            report = report.Plus(new JobFinding(
                "not-rewrapped", id.Account, id.Name, $"{id.Kind}: does not open under the root key that it names."));
        }

        return report;
    }

    private static void Note(FleetRun run, long done, long total, string message) =>
        run.Note(done, Math.Max(done, total), message, new Nothing());

    private async Task<long> LeftAsync(long newest, CancellationToken cancellation) =>
        (await rootKeys.Table.CountByRootKeyAsync(cancellation))
            .Where(count => count.Key < newest).Sum(count => count.Value);

    private async Task UntilCurrentAsync(FleetRun run, long newest, long total, CancellationToken cancellation)
    {
        while (rootKeys.Ring.Current < newest)
        {
            Note(run, run.Done, total, $"waits until all nodes have root key version {newest}");
            await Task.Delay(Pause, kms.Time, cancellation);
            await rootKeys.RefreshAsync(cancellation);
        }
    }

    // The rows know.
    private sealed record Nothing;
}
