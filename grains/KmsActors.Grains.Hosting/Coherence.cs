using Microsoft.Extensions.Logging;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// Keeps what this node has in memory up with the other nodes' commits, and lets nobody use it when it cannot. A
/// snapshot is as of the last good poll or later, so a node may use it for a lease from the beginning of that poll;
/// and a change that all nodes which may serve have heard of, or that is older than a lease, is heeded everywhere.
/// </summary>
internal sealed class Coherence(
    IChangeFeed feed, ActivationMap activations, TimeProvider time, CoherenceOptions options, ILogger log)
{
    private readonly TimeSpan _serves = options.Lease + options.StaleGrace;
    private long _servesUntil = long.MinValue;

    /// <summary>Whether this node may use what it has in memory.</summary>
    public bool MayServe => time.GetTimestamp() < Volatile.Read(ref _servesUntil);

    /// <summary>Follows the feed until cancelled, then takes leave.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        FeedPosition? applied = null;
        while (!cancellation.IsCancellationRequested)
        {
            var interval = options.PollInterval;
            try
            {
                var begun = time.GetTimestamp();
                var page = await PollAsync(applied, cancellation);
                Apply(page, isFirst: applied is null);
                applied = page.Position;
                ServeUntil(begun + (long)(_serves.TotalSeconds * time.TimestampFrequency));
                if (page.Changed.Count > 0) interval = options.BusyPollInterval;
            }
            catch (Exception failure)
            {
                // Whatever it was, a node that does not follow the feed serves nothing, and must not end so.
                if (cancellation.IsCancellationRequested) break;
                if (!MayServe) log.FeedUnavailable(failure);
            }

            try
            {
                await Task.Delay(interval, time, cancellation);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await LeaveAsync();
    }

    /// <summary>
    /// Returns when no node uses what was in its memory before this call any more, if something newer has been
    /// committed: when all have heard of it, or after the longest time for which one that has not may serve.
    /// </summary>
    public async ValueTask UntilHeededAsync()
    {
        var begun = time.GetTimestamp();
        DateTimeOffset? since = null;
        while (true)
        {
            try
            {
                var spread = await feed.SpreadAsync(since, options.LongestStale, CancellationToken.None);
                if (spread.Behind == 0) return;
                since = spread.At;
            }
            catch (StoreUnavailableException)
            {
                // Nobody hears of anything now; the clock alone tells.
            }

            if (time.GetElapsedTime(begun) >= options.LongestStale) return;
            await Task.Delay(options.BusyPollInterval, time);
        }
    }

    /// <summary>Whether what has been committed by then, by the clock's timestamp, is heeded without asking.</summary>
    public bool IsHeeded(long timestamp) => time.GetElapsedTime(timestamp) >= options.LongestStale;

    private async ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation)
    {
        // An answer that comes later than this is good for nothing.
        using var patience = new CancellationTokenSource(options.Lease, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        return await feed.PollAsync(applied, either.Token);
    }

    // The first page tells of no changes; but turns may have loaded something before it.
    private void Apply(FeedPage page, bool isFirst)
    {
        if (isFirst || !page.IsWhole) activations.InvalidateAll();
        foreach (var (id, etag) in page.Changed) activations.Peek(id)?.InvalidateOlderThan(etag);
    }

    private void ServeUntil(long timestamp)
    {
        if (!MayServe) log.Serving();
        Volatile.Write(ref _servesUntil, timestamp);
    }

    private async Task LeaveAsync()
    {
        Volatile.Write(ref _servesUntil, long.MinValue);
        try
        {
            await feed.LeaveAsync(CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // Then the others wait for the end of its lease.
        }
    }
}
