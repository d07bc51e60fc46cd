using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>
/// Forgets keys that were deleted long ago: of each there is a row without material until then. Nothing asks for it
/// but people. The rows of deleted accounts stay for good: a number is used once.
/// </summary>
internal sealed class TombstonesJob(JobOptions options, IStoreScan scan, Kms kms) : IFleetJob
{
    // A turn's grains wait for its commit.
    private const int Batch = 64;

    private const string Seen = "tombstones";
    private const string Forgotten = "forgotten";

    /// <inheritdoc/>
    public string Name => "tombstones";

    /// <inheritdoc/>
    public string Description => "Forgets keys that were deleted Kms:Jobs:TombstoneDays ago.";

    /// <inheritdoc/>
    public string Schedule => options.TombstonesSchedule;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(FleetRun run, CancellationToken cancellation)
    {
        var before = kms.Time.GetUtcNow() - TimeSpan.FromDays(options.TombstoneDays);
        var point = run.Checkpoint<Point>() ?? new Point(
            default, JobReport.Empty.Plus(Seen, 0).Plus(Forgotten, 0));
        while (await scan.TombstonesAsync(point.After, Batch, cancellation) is [.., { Id: var last }] page)
        {
            GrainId[] old = [.. page.Where(row => IsOld(row, before)).Select(row => row.Id)];
            var forgotten = old.Length == 0 ? 0 : await ForgetAsync(old, run.Run.Id, before, cancellation);
            var report = point.Report.Plus(Seen, page.Count).Plus(Forgotten, forgotten);
            point = new Point(last, report);
            run.Note(report.Totals[Seen], 0, $"{report.Totals[Forgotten]} forgotten", point);
            await run.PaceAsync(page.Count, cancellation);
        }

        return point.Report;
    }

    private static bool IsOld(GrainRow row, DateTimeOffset before) =>
        row.Id.Kind == GrainKind.Cmk && row.ReadState<CmkState>()?.DeletedAt < before;

    private async Task<int> ForgetAsync(
        GrainId[] ids, string run, DateTimeOffset before, CancellationToken cancellation)
    {
        var outcome = await kms.Host.InTurn<int>(
            ids,
            new TurnContext("jobs", run),
            grains =>
            {
                var forgotten = 0;
                foreach (var grain in grains)
                {
                    var outcome = ((CmkGrain)grain).Forget(before);
                    if (!outcome.Refused(out _) && outcome.Value) forgotten++;
                }

                return forgotten;
            },
            cancellation);
        // Others were in the way; the next run has them.
        return outcome.Refused(out _) ? 0 : outcome.Value;
    }

    /// <summary>Behind what it is, and what it has done.</summary>
    private sealed record Point(GrainId After, JobReport Report);
}
