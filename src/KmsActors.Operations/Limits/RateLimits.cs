using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// How many calls each account, and each key, is taken. Remembers only those that have called lately: a bucket
/// that is full again is forgotten.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="isShared">Whether other nodes take calls of the same accounts: see <see cref="SharedLimits"/>.</param>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class RateLimits(TimeProvider time, bool isShared = false)
{
    // A look at all buckets costs a few milliseconds a hundred thousand, so not for each new one.
    private const int LeastBetweenSweeps = 4096;

    private const int OfKey = -1;

    private static readonly Meter Meter = new("KmsActors");
    private static readonly Counter<long> Throttled = Meter.CreateCounter<long>("kms.calls.throttled");

    private readonly ConcurrentDictionary<(string Owner, int Class), TokenBucket> _buckets = new();
    private readonly ConcurrentQueue<AskedBucket> _asked = new();
    private readonly long _start = time.GetTimestamp();
    private int _newSinceSweep;

    /// <summary>How many buckets are kept.</summary>
    internal int Count => _buckets.Count;

    /// <summary>Takes a call of a class off what the account is allowed; the refusal if there is none left.</summary>
    public Refusal? Take(string account, CallClass callClass, Rate rate) =>
        rate.IsUnlimited ? null : Take((account, (int)callClass), rate);

    /// <summary>The same of one key, whatever the call.</summary>
    public Refusal? TakeOfKey(string keyId, Rate rate) => rate.IsUnlimited ? null : Take((keyId, OfKey), rate);

    /// <summary>The buckets of which tokens were asked for since the last call of this.</summary>
    internal IEnumerable<AskedBucket> TakeAsked()
    {
        for (var left = _asked.Count; left > 0 && _asked.TryDequeue(out var asked); left--) yield return asked;
    }

    private Refusal? Take((string Owner, int Class) owner, Rate rate)
    {
        var now = time.GetElapsedTime(_start).Ticks * TimeSpan.NanosecondsPerTick;
        if (!_buckets.TryGetValue(owner, out var bucket))
        {
            bucket = _buckets.GetOrAdd(owner, static _ => new TokenBucket());
            var isFew = Interlocked.Increment(ref _newSinceSweep) < LeastBetweenSweeps;
            if (!isFew && _newSinceSweep >= _buckets.Count / 2) Sweep(now);
        }

        if (isShared && bucket.Ask()) _asked.Enqueue(new AskedBucket(owner, bucket, rate.PerSecond));
        if (bucket.TryTake(rate, now)) return null;
        Throttled.Add(1, new KeyValuePair<string, object?>("limit", owner.Class == OfKey ? "key" : "account"));
        return new Refusal(RefusalCode.Throttled);
    }

    // A bucket that is taken from at the same moment may be lost: one token too many, once.
    private void Sweep(long now)
    {
        Interlocked.Exchange(ref _newSinceSweep, 0);
        foreach (var (owner, bucket) in _buckets)
        {
            // A share is somebody's word; he takes it back when it is over.
            if (bucket.IsFullAt(now) && bucket.Share >= 1) _buckets.TryRemove(new(owner, bucket));
        }
    }

    /// <summary>A bucket of which tokens were asked for.</summary>
    /// <param name="Owner">Whose it is.</param>
    /// <param name="Bucket">The bucket.</param>
    /// <param name="PerSecond">How many tokens a second all nodes together may give.</param>
    internal sealed record AskedBucket((string Name, int Class) Owner, TokenBucket Bucket, int PerSecond)
    {
        /// <summary>The limit's name, the same on all nodes.</summary>
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Owner.Class}/{Owner.Name}");
    }
}
