using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>
/// Checks what is stored of every key, its row, its listing with tags, its aliases and reminders, against each other,
/// and counts against rows. It reports and changes nothing. What belongs together is read as of one commit, so a
/// change under way is no finding.
/// </summary>
internal sealed class ScrubJob(JobOptions options, IStoreScan scan) : IFleetJob
{
    private const int Page = 50;

    // What totals are called that are no findings.
    private const string Keys = "keys";
    private const string Aliases = "aliases";

    /// <inheritdoc/>
    public string Name => "scrub";

    /// <inheritdoc/>
    public string Description => "Checks what is stored of every key against each other, and reports what differs.";

    /// <inheritdoc/>
    public string Schedule => options.ScrubSchedule;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(FleetRun run, CancellationToken cancellation)
    {
        var point = run.Checkpoint<Point>() ?? new Point(
            Phase.Counts, default, 0, JobReport.Empty.Plus(Keys, 0).Plus(Aliases, 0));
        while (point.Phase != Phase.End)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = point.Done;
            point = await GoOnAsync(point, cancellation);
            run.Note(point.Done, point.Total, $"checking {point.Phase}".ToLowerInvariant(), point);
            await run.PaceAsync((int)Math.Max(1, point.Done - before), cancellation);
        }

        return point.Report;
    }

    private Task<Point> GoOnAsync(Point point, CancellationToken cancellation) => point.Phase switch
    {
        Phase.Counts => CountAsync(point, cancellation),
        Phase.Keys => PageAsync(
            point, Keys, scan.KeyRecordsAsync, key => key.Id, KeyCheck.Of, cancellation),
        Phase.Aliases => PageAsync(
            point, Aliases, scan.AliasRecordsAsync, alias => alias.Id, AliasCheck.Of, cancellation),
        _ => PageAsync(
            point,
            null,
            scan.RemindedOfNothingAsync,
            id => id,
            id => [new Flaw("reminder-orphan", $"there is no {id.Kind}")],
            cancellation),
    };

    private async Task<Point> CountAsync(Point point, CancellationToken cancellation)
    {
        if (await scan.NextCountAsync(point.After, cancellation) is not { } count) return point.Next();
        var report = point.Report;
        if (count.Counted != count.Rows)
        {
            report = report.Plus(new JobFinding(
                "count-differs", count.Of.Account, $"{count.Of.Kind}", $"count is {count.Counted}, rows {count.Rows}"));
        }

        var isToCheck = count.Of.Kind is GrainKind.Cmk or GrainKind.Alias;
        return point with
        {
            After = count.Of, Report = report, Total = point.Total + (isToCheck ? count.Rows : 0),
        };
    }

    private static async Task<Point> PageAsync<T>(
        Point point,
        string? counted,
        Func<GrainId, int, CancellationToken, ValueTask<IReadOnlyList<T>>> read,
        Func<T, GrainId> idOf,
        Func<T, IEnumerable<Flaw>> check,
        CancellationToken cancellation)
    {
        var page = await read(point.After, Page, cancellation);
        if (page.Count == 0) return point.Next();
        var report = counted is null ? point.Report : point.Report.Plus(counted, page.Count);
        foreach (var each in page)
        {
            var (_, account, name) = idOf(each);
            foreach (var flaw in check(each))
                report = report.Plus(new JobFinding(flaw.Kind, account, name, flaw.Detail));
        }

        return point with { After = idOf(page[^1]), Report = report };
    }

    /// <summary>In this order, and stored as numbers in checkpoints.</summary>
    private enum Phase
    {
        Counts,
        Keys,
        Aliases,
        Reminders,
        End,
    }

    /// <summary>Where it is: behind what, in which phase, and what it has found.</summary>
    private sealed record Point(Phase Phase, GrainId After, long Total, JobReport Report)
    {
        public long Done => Report.Totals.GetValueOrDefault(Keys) + Report.Totals.GetValueOrDefault(Aliases);

        public Point Next() => this with { Phase = Phase + 1, After = default };
    }
}
