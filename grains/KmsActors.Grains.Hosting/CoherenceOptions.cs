namespace KmsActors.Grains.Hosting;

/// <summary>How nodes that share a store keep up with each other.</summary>
public sealed record CoherenceOptions
{
    /// <summary>How often a node asks for others' changes.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The same after an answer that told of some: soon, to let whoever waits know that they are heeded.
    /// </summary>
    public TimeSpan BusyPollInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>For how long after the beginning of a good poll a node serves from its memory.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how much longer it does while the store is away. Whoever takes a right away then waits as long for it.
    /// </summary>
    public TimeSpan StaleGrace { get; init; } = TimeSpan.Zero;

    /// <summary>By how much clocks may go differently within a lease.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>After this much time no node uses what had changed at its beginning, whatever it heard.</summary>
    internal TimeSpan LongestStale => Lease + StaleGrace + Margin;
}
