using Quartz;

namespace KmsActors.Server;

/// <summary>The section "Kms:Jobs": what is done once for the whole fleet. All nodes should have the same.</summary>
internal sealed class JobOptions
{
    /// <summary>
    /// When it is looked whether something is to be wrapped anew; a rotation of the root key asks for it at once, too.
    /// </summary>
    public string RewrapSchedule { get; set; } = "23 * * * *";

    /// <summary>When all keys are checked; empty for only when it is asked for.</summary>
    public string ScrubSchedule { get; set; } = "17 3 * * SUN";

    /// <summary>When is removed what no node needs any more.</summary>
    public string PruneSchedule { get; set; } = "*/5 * * * *";

    /// <summary>When keys are forgotten that were deleted long ago; empty for only when it is asked for.</summary>
    public string TombstonesSchedule { get; set; } = "37 2 * * *";

    /// <summary>How many days after its deletion a key is forgotten.</summary>
    public int TombstoneDays { get; set; } = 400;

    /// <summary>How many runs of each job are remembered.</summary>
    public int RunsKept { get; set; } = 100;

    /// <summary>How many rows a job looks at, or writes, in a second.</summary>
    public int RowsPerSecond { get; set; } = 2000;

    /// <summary>
    /// How often a node tells the others that its jobs go on, in seconds; three times as long after its last word
    /// they are begun again at another.
    /// </summary>
    public int CheckInSeconds { get; set; } = 5;

    /// <summary>What is wrong with numbers.</summary>
    public IEnumerable<(string Name, long Value, long Least, long Most)> Ranges() =>
    [
        ("Jobs:TombstoneDays", TombstoneDays, 30, 36_500),
        ("Jobs:RunsKept", RunsKept, 1, 10_000),
        ("Jobs:RowsPerSecond", RowsPerSecond, 1, 1_000_000),
        ("Jobs:CheckInSeconds", CheckInSeconds, 1, 60),
    ];

    /// <summary>What is wrong with schedules.</summary>
    public IEnumerable<string> Errors() =>
        from schedule in new (string Name, string Text, bool MayBeEmpty)[]
        {
            (nameof(RewrapSchedule), RewrapSchedule, true),
            (nameof(ScrubSchedule), ScrubSchedule, true),
            (nameof(PruneSchedule), PruneSchedule, false),
            (nameof(TombstonesSchedule), TombstonesSchedule, true),
        }
        where !(schedule.MayBeEmpty && schedule.Text.Length == 0) && Parse(schedule.Text) is null
        select $"{ServerOptions.Section}:Jobs:{schedule.Name}: five fields, as crontab has them"
            + (schedule.MayBeEmpty ? ", or nothing." : ".");

    /// <summary>The schedule that a text says, in UTC; null if it says none.</summary>
    public static CronExpression? Parse(string text) =>
        CronExpression.TryParse(text, CronFormat.Unix, out var schedule)
            ? schedule.WithTimeZone(TimeZoneInfo.Utc)
            : null;
}
