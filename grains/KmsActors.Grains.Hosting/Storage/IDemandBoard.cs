namespace KmsActors.Grains.Hosting;

/// <summary>Where nodes that share a store tell each other how much of a limit they are asked for.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IDemandBoard
{
    /// <summary>
    /// Puts up what this node is asked for, in place of what it had put up, and reads what others have; in one round
    /// trip.
    /// </summary>
    /// <param name="own">By the limits' names, per second; at most some thousands.</param>
    /// <param name="age">What has been put up longer ago than this does not count.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<BoardPage> ExchangeAsync(
        IReadOnlyDictionary<string, double> own, TimeSpan age, CancellationToken cancellation);
}

/// <summary>What other nodes are asked for.</summary>
/// <param name="Others">By the limits' names, the sum over the other nodes, per second.</param>
/// <param name="Nodes">How many nodes there are, this one included.</param>
public sealed record BoardPage(IReadOnlyDictionary<string, double> Others, int Nodes);
