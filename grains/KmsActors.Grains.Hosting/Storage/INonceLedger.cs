namespace KmsActors.Grains.Hosting;

/// <summary>Where nodes that share a store see to it that a request is served once by all of them together.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface INonceLedger
{
    /// <summary>
    /// True for one caller, whichever node he is of; false for all others, and for everybody once its time is over
    /// by the store's clock. It is kept no longer than that.
    /// </summary>
    /// <param name="nonce">A hash of what tells the request from all others.</param>
    /// <param name="until">Until when the request is good; the same whenever it comes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot answer now; the nonce may be spent all the same.
    /// </exception>
    ValueTask<bool> SpendAsync(Guid nonce, DateTimeOffset until, CancellationToken cancellation);
}
