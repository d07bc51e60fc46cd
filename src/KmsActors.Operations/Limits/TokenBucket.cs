using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// A token bucket in one number, the time at which it will be full again (the generic cell rate algorithm). A
/// full one is as good as none, and a changed rate or share holds from the next call on.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class TokenBucket
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private long _fullAt;
    private float _share = 1;
    private int _asked;

    /// <summary>What part of the rate is this node's, above 0 to 1: other nodes have the rest.</summary>
    public float Share
    {
        get => Volatile.Read(ref _share);
        set => Volatile.Write(ref _share, value);
    }

    /// <summary>Whether nothing has been taken that has not come back.</summary>
    public bool IsFullAt(long now) => Volatile.Read(ref _fullAt) <= now;

    /// <summary>Counts that a token is asked for; true if it is the first since <see cref="TakeAsked"/>.</summary>
    public bool Ask() => Interlocked.Increment(ref _asked) == 1;

    /// <summary>How many tokens were asked for since <see cref="TakeAsked"/>.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>How many tokens were asked for since the last call of this.</summary>
    public int TakeAsked() => Interlocked.Exchange(ref _asked, 0);

    /// <summary>Takes one token, if there is one.</summary>
    /// <param name="rate">The rate; not unlimited.</param>
    /// <param name="now">The time, in nanoseconds since any fixed instant.</param>
    public bool TryTake(Rate rate, long now)
    {
        // Tokens come one by one; a burst is that many intervals that may be owed.
        var share = (double)Share;
        var interval = (long)(NanosecondsPerSecond / (rate.PerSecond * share));
        var mostOwed = interval * Math.Max(1, (long)(rate.Burst * share));
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            // More is owed only by a rate of before.
            var owedUntil = Math.Min(Math.Max(fullAt, now), now + mostOwed);
            var isTaken = owedUntil + interval - now <= mostOwed;
            var next = isTaken ? owedUntil + interval : owedUntil;
            if (next == fullAt) return isTaken;
            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt) return isTaken;
            fullAt = seen;
        }
    }
}
