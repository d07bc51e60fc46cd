using System.Runtime.InteropServices;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// How nodes that share a store learn of each other and of each other's commits. A store that only one node can
/// have open has none. All times are the store's, by its one clock.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IChangeFeed
{
    /// <summary>
    /// Tells the others that this node is alive and how far it has come, and reads what was committed since, in one
    /// round trip. Whatever was committed before this call began is in its answer or in an earlier one; something
    /// may be in more than one.
    /// </summary>
    /// <param name="applied">
    /// The position of the last answer, all of whose changes this node heeds by now; null for the first call, which
    /// tells of no changes.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation);

    /// <summary>How far the other nodes have come.</summary>
    /// <param name="since">A time, or null for now.</param>
    /// <param name="lease">How long after its last poll a node may still serve.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Tells the others that this node serves no more, until it polls again.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask LeaveAsync(CancellationToken cancellation);
}

/// <summary>Where an answer of the feed ended.</summary>
/// <param name="Horizon">All transactions before this one were over when the answer was read.</param>
/// <param name="ReadAt">No later than when the answer was read.</param>
public sealed record FeedPosition(long Horizon, DateTimeOffset ReadAt);

/// <summary>What a node learns by a poll.</summary>
/// <param name="Position">What to poll with next, once the changes are heeded.</param>
/// <param name="Changed">The grains whose states have changed.</param>
/// <param name="IsWhole">
/// False when changes since the last position are not known any more: everything may have changed.
/// </param>
public sealed record FeedPage(FeedPosition Position, IReadOnlyCollection<ChangedGrain> Changed, bool IsWhole);

/// <summary>A grain that was written or deleted.</summary>
/// <param name="Id">The grain.</param>
/// <param name="ETag">The number of the commit: whoever has a state of it or of a greater one has the change.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChangedGrain(GrainId Id, long ETag);

/// <summary>How far other nodes have come.</summary>
/// <param name="At">The time that was asked about; later than every commit acknowledged before the call.</param>
/// <param name="Behind">How many nodes that may serve have not heeded all that was committed until then.</param>
public sealed record Spread(DateTimeOffset At, int Behind);
