using KmsActors.Grains;
using static KmsActors.Simulator.FleetEvent;

namespace KmsActors.Simulator;

/// <summary>A small table: the first column names, the others have the numbers.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Columns">The heads of the columns; none of them if they need no explanation.</param>
/// <param name="Rows">As many cells in each.</param>
internal sealed record FigureTable(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>What a run came to, in numbers: the same in the terminal and in the report.</summary>
internal static class Figures
{
    /// <summary>All of it.</summary>
    public static IReadOnlyList<FigureTable> Of(FleetRun run) =>
        [Keys(run.Statistics), Happened(run.Statistics), Lateness(run.Statistics), Calls(run.Statistics),
            Faults(run), Taken(run)];

    private static FigureTable Keys(FleetStatistics statistics) => new("Keys at the end", [],
        [.. Enum.GetValues<KeyState>().Select(state => Row(Words.State(state), statistics.KeysAtEnd(state)))]);

    private static FigureTable Happened(FleetStatistics statistics) => new("What happened", [],
    [
        Row("Keys created", statistics.Total(Created)),
        Row("Deletions scheduled", statistics.Total(Scheduled)),
        Row("Deletions cancelled", statistics.Total(Cancelled)),
        Row("… in the last hour", statistics.Total(CancelledInLastHour)),
        Row("Keys deleted", statistics.Total(Deleted)),
        Row("… before their date", statistics.Total(DeletedEarly)),
        Row("Versions by rotation", statistics.Total(Rotated)),
        Row("Imports of material", statistics.Total(Imported)),
        Row("Expiries of material", statistics.Total(Expired)),
        Row("Aliases moved", statistics.Total(AliasMoved)),
    ]);

    private static FigureTable Lateness(FleetStatistics statistics) => new(
        "Lateness",
        ["", "median", "99 %", "latest"],
        [
            Row("Deletions", statistics.DeletionLateness),
            Row("Expiries", statistics.ExpiryLateness),
            Row("Rotations", statistics.RotationLateness),
        ]);

    private static FigureTable Calls(FleetStatistics statistics) => new("Calls", [],
    [
        Row("Answered", statistics.Total(Answered)),
        Row("Refused", statistics.Total(Refused)),
        Row("Throttled", statistics.Total(Throttled)),
        Row("Unanswered", statistics.Total(Unanswered)),
    ]);

    private static FigureTable Faults(FleetRun run) => new("Faults", ["", "how often", "each for"],
    [
        Row("Node crashed", run.Statistics.Total(Crashed), run.Fleet.Faults.CrashSeconds),
        Row("Node paused", run.Statistics.Total(Paused), run.Fleet.Faults.PauseSeconds),
        Row("Database away", run.Statistics.Total(DatabaseLost), run.Fleet.Faults.OutageSeconds),
    ]);

    private static FigureTable Taken(FleetRun run) => new("The run", [],
    [
        Row("Days", run.Fleet.Days),
        Row("Steps", run.Statistics.Steps),
        ["Time taken", Words.Duration(run.Taken)],
        ["Faster than real time", $"{Words.Count(run.SpeedUp)} times"],
        ["Hash of the trace", run.TraceHash],
    ]);

    private static string[] Row(string name, long count) => [name, Words.Count(count)];

    private static string[] Row(string name, long count, int seconds) =>
        [name, Words.Count(count), count == 0 ? "–" : Words.Duration(TimeSpan.FromSeconds(seconds))];

    private static string[] Row(string name, LatenessHistogram lateness) => lateness.Count == 0
        ? [name, "–", "–", "–"]
        : [name, Words.Duration(lateness.Quantile(0.5)), Words.Duration(lateness.Quantile(0.99)),
            Words.Duration(lateness.Max)];
}
