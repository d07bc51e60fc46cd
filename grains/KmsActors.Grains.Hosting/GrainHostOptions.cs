namespace KmsActors.Grains.Hosting;

/// <summary>The host's bounds.</summary>
public sealed record GrainHostOptions
{
    /// <summary>How many activations stay in memory; those not used lately make room. About 2 KiB each.</summary>
    public int MostActivations { get; init; } = 200_000;

    /// <summary>How often a turn is run again when other nodes' commits get in its way.</summary>
    public int MostAttempts { get; init; } = 8;

    /// <summary>How nodes that share a store keep up with each other.</summary>
    public CoherenceOptions Coherence { get; init; } = new();

    /// <summary>How often the pump looks for reminders that have come due.</summary>
    public TimeSpan ReminderInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many reminders the pump takes at a time and runs side by side.</summary>
    public int ReminderBatch { get; init; } = 256;

    /// <summary>
    /// How many of them share a commit. What a commit costs beside its rows is paid once for them; for as long as it
    /// takes their grains, and what is made or deleted in their accounts, wait.
    /// </summary>
    public int RemindersACommit { get; init; } = 32;
}
