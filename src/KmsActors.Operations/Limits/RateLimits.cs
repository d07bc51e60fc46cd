using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// How many calls each account, and each key, is taken. Remembers only those that have called lately: a bucket
/// that is full again is forgotten.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed class RateLimits(TimeProvider time)
{
    // A look at all buckets costs a few milliseconds a hundred thousand, so not for each new one.
    private const int LeastBetweenSweeps = 4096;

    private static readonly Meter Meter = new("KmsActors");
    private static readonly Counter<long> Throttled = Meter.CreateCounter<long>("kms.calls.throttled");

    private readonly ConcurrentDictionary<(string Owner, int Class), TokenBucket> _buckets = new();
    private readonly long _start = time.GetTimestamp();
    private int _newSinceSweep;

    /// <summary>How many buckets are kept.</summary>
    internal int Count => _buckets.Count;

    /// <summary>Takes a call of a class off what the account is allowed; the refusal if there is none left.</summary>
    public Refusal? Take(string account, CallClass callClass, Rate rate) =>
        rate.IsUnlimited ? null : Take((account, (int)callClass), rate);

    /// <summary>The same of one key, whatever the call.</summary>
    public Refusal? TakeOfKey(string keyId, Rate rate) => rate.IsUnlimited ? null : Take((keyId, -1), rate);

    private Refusal? Take((string, int) owner, Rate rate)
    {
        var now = time.GetElapsedTime(_start).Ticks * TimeSpan.NanosecondsPerTick;
        if (!_buckets.TryGetValue(owner, out var bucket))
        {
            bucket = _buckets.GetOrAdd(owner, static _ => new TokenBucket());
            var isFew = Interlocked.Increment(ref _newSinceSweep) < LeastBetweenSweeps;
            if (!isFew && _newSinceSweep >= _buckets.Count / 2) Sweep(now);
        }

        if (bucket.TryTake(rate, now)) return null;
        Throttled.Add(1, new KeyValuePair<string, object?>("limit", owner.Item2 < 0 ? "key" : "account"));
        return new Refusal(RefusalCode.Throttled);
    }

    // A bucket that is taken from at the same moment may be lost: one token too many, once.
    private void Sweep(long now)
    {
        Interlocked.Exchange(ref _newSinceSweep, 0);
        foreach (var (owner, bucket) in _buckets)
        {
            if (bucket.IsFullAt(now)) _buckets.TryRemove(new(owner, bucket));
        }
    }
}
