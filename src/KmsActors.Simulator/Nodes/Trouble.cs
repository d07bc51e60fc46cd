namespace KmsActors.Simulator;

/// <summary>What is wrong with the database and the way to it, just now; the same for all nodes.</summary>
internal sealed class Trouble
{
    /// <summary>Whether it answers nobody.</summary>
    public bool IsAway { get; set; }

    /// <summary>By how much everything takes longer.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>How probable it is that a call fails before it has done anything.</summary>
    public double Fails { get; set; }

    /// <summary>How probable it is that a call is carried out and its answer lost.</summary>
    public double LosesAnswers { get; set; }

    /// <summary>How probable it is that a caller gives up on a commit that is carried out later.</summary>
    public double CutsOff { get; set; }

    /// <summary>Whether nodes are given reminders that others were given.</summary>
    public bool IgnoresClaims { get; set; }
}

/// <summary>How long it takes from one place to another, and what the database takes to do something.</summary>
/// <param name="Least">The shortest time, one way.</param>
/// <param name="Most">The longest.</param>
internal sealed record Latency(TimeSpan Least, TimeSpan Most)
{
    /// <summary>No time at all: each call is one happening.</summary>
    public static Latency None { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Whether it takes none.</summary>
    public bool IsNone => Most == TimeSpan.Zero;
}
