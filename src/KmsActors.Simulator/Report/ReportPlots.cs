using KmsActors.Grains;
using static KmsActors.Simulator.FleetEvent;

namespace KmsActors.Simulator;

/// <summary>What the report shows in pictures.</summary>
internal static class ReportPlots
{
    /// <summary>The plots, in their order; some may be empty.</summary>
    public static IReadOnlyList<Plot> Of(FleetStatistics statistics) =>
    [
        new AreaPlot(
            "Keys by state", "There was no key at the end of any day.", statistics.Start,
            [
                KeysIn(statistics, KeyState.Enabled, 1), KeysIn(statistics, KeyState.Disabled, 2),
                KeysIn(statistics, KeyState.PendingImport, 4), KeysIn(statistics, KeyState.PendingDeletion, 3),
            ]),
        new BarPlot(
            "Keys deleted", "No key was deleted in this time.", statistics.Start,
            [Counted(statistics, Deleted, "Deleted", 3)]),
        new LatenessPlot(
            "How late keys were deleted", "No key was deleted in this time, so none was late.",
            statistics.DeletionLateness),
        new StepPlot(
            "Deletions scheduled and cancelled", "No deletion was scheduled or cancelled in this time.",
            statistics.Start,
            [
                Counted(statistics, Scheduled, "Scheduled", 1), Counted(statistics, Cancelled, "Cancelled", 4),
                Counted(statistics, CancelledInLastHour, "… in the last hour", 3),
            ]),
        new StepPlot(
            "Rotations, imports, expiries", "No key was rotated or imported, and no material expired, in this time.",
            statistics.Start,
            [
                Counted(statistics, Rotated, "Rotations", 1), Counted(statistics, Imported, "Imports", 4),
                Counted(statistics, Expired, "Expiries", 3),
            ]),
        new BarPlot(
            "Calls throttled or unanswered", "Every call in this time was answered, and none throttled.",
            statistics.Start,
            [Counted(statistics, Throttled, "Throttled", 4), Counted(statistics, Unanswered, "Unanswered", 3)]),
    ];

    private static Series KeysIn(FleetStatistics statistics, KeyState state, int colour) =>
        new(Words.State(state), colour, statistics.KeysByDay(state));

    private static Series Counted(FleetStatistics statistics, FleetEvent what, string name, int colour) =>
        new(name, colour, statistics.Daily(what));
}
