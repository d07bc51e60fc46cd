namespace KmsActors.Simulator;

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A node dies between two steps and comes back.</summary>
    Kill,

    /// <summary>A node takes its leave, ends and comes back.</summary>
    Stop,

    /// <summary>A node stands still, seldom for less than its lease.</summary>
    Pause,

    /// <summary>A node's way to the database is cut.</summary>
    Cut,

    /// <summary>The database answers nobody.</summary>
    Away,

    /// <summary>The database is slow.</summary>
    Slow,

    /// <summary>Calls of the database fail before they have done anything.</summary>
    Fail,

    /// <summary>Calls of the database are carried out and their answers lost.</summary>
    LoseAnswers,

    /// <summary>Commits are carried out after their callers have given up.</summary>
    CutOff,

    /// <summary>Reminders are given to several nodes, and pumped beside the pump.</summary>
    PumpTwice,

    /// <summary>A node's clock jumps.</summary>
    Jump,

    /// <summary>The feed forgets what was changed.</summary>
    Forget,
}

/// <summary>What a run is made of; with its seed it fixes the run to the last step.</summary>
internal sealed record RunOptions(ulong Seed)
{
    /// <summary>The sessions that take part, by number; null for all.</summary>
    public IReadOnlySet<long>? OnlySessions { get; init; }

    /// <summary>The faults that happen, by number; null for all.</summary>
    public IReadOnlySet<long>? OnlyFaults { get; init; }

    /// <summary>Whether what happens is kept in words.</summary>
    public bool KeepsTrace { get; init; }

    /// <summary>Told of each call that has come to an end.</summary>
    public Action<CallRecord>? CallEnded { get; init; }

    /// <summary>What the database keeps to; all of it unless the checks are to be tested.</summary>
    public DatabaseRules Rules { get; init; } = DatabaseRules.All;

    /// <summary>What a test does to nodes' parts; nothing else does anything.</summary>
    public Func<NodeParts, NodeParts> Sabotage { get; init; } = parts => parts;
}

/// <summary>What a run came to.</summary>
/// <param name="Hash">The same exactly for the same run.</param>
/// <param name="Steps">Steps of processes.</param>
/// <param name="Calls">Calls of clients.</param>
/// <param name="Commits">Commits.</param>
/// <param name="Days">How many days it simulated.</param>
/// <param name="Sessions">How many sessions there were, left out or not.</param>
/// <param name="Faults">How many faults there were, left out or not.</param>
/// <param name="Bursts">How many bursts there were.</param>
/// <param name="Failure">What went wrong that must not, or null.</param>
/// <param name="Trace">The last of it in words, if it was kept.</param>
internal sealed record RunResult(
    ulong Hash,
    long Steps,
    long Calls,
    long Commits,
    double Days,
    long Sessions,
    long Faults,
    int Bursts,
    Exception? Failure,
    IReadOnlyCollection<string> Trace)
{
    /// <summary>Which rule was broken, or null.</summary>
    public string? Rule => Failure is Violation broken ? broken.Rule
        : Failure is null ? null : $"{Rules.Fault}: {Failure.GetType().Name}";
}
