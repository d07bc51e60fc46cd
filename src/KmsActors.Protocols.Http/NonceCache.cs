using System.Runtime.InteropServices;
using KmsActors.Grains;

namespace KmsActors.Protocols.Http;

/// <summary>
/// Refuses a request that was seen before. A nonce is kept with the minute of its request's own Timestamp,
/// for a replay carries the same one, and forgotten when that minute has left the window. Memory is bounded:
/// when it is full the oldest minute is forgotten early, and its requests are refused from then on, so that
/// pressure shortens the window and never lets a replay through. Safe for any number of threads.
/// </summary>
/// <remarks>
/// Look after the signature was verified, so that a replay counts against nobody's rate limit; record after the
/// limit was passed, so that what is refused takes no place from others. An entry takes 11 to 22 bytes.
/// </remarks>
internal sealed class NonceCache
{
    public const int DefaultCapacity = 4_000_000;

    /// <summary>The longest nonce and the longest access key id, in characters.</summary>
    public const int LongestToken = 128;

    // More than the 32 minutes that a window of half an hour can touch.
    private const int RingSize = 64;

    private readonly Lock _rolling = new();
    private readonly NonceSet?[] _ring = new NonceSet?[RingSize];
    private readonly TimeProvider _time;
    private readonly TimeSpan _halfWidth;
    private readonly byte[] _key;
    private readonly int _capacity;
    private long _horizon = long.MinValue;
    private int _count;

    /// <param name="time">The clock.</param>
    /// <param name="halfWidth">How far a request's time may be from ours either way: half an hour at most.</param>
    /// <param name="key">16 random bytes, fresh for this process and known to nobody.</param>
    /// <param name="capacity">The most nonces to keep.</param>
    public NonceCache(TimeProvider time, TimeSpan halfWidth, ReadOnlySpan<byte> key, int capacity = DefaultCapacity)
    {
        Invariant.That(halfWidth <= TimeSpan.FromMinutes((RingSize / 2) - 2), "the ring has room for the window");
        Invariant.That(key.Length == SipHash.KeyBytes, "the hash is keyed");
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _time = time;
        _halfWidth = halfWidth;
        _key = key.ToArray();
        _capacity = capacity;
    }

    /// <summary>How many nonces are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Requests up to this Unix second are refused, for their nonces are forgotten.</summary>
    public long Horizon => Volatile.Read(ref _horizon);

    /// <summary>What <see cref="Record"/> would say, but for requests that are on their way at the same time.</summary>
    public NonceVerdict Look(string accessKeyId, string nonce, DateTimeOffset timestamp)
    {
        if (SetFor(timestamp) is not { } set) return NonceVerdict.Closed;
        return set.Look(Hash(accessKeyId, nonce));
    }

    /// <summary>Fresh if this is the first such request; Closed if it is not of our time.</summary>
    public NonceVerdict Record(string accessKeyId, string nonce, DateTimeOffset timestamp)
    {
        if (SetFor(timestamp) is not { } set) return NonceVerdict.Closed;
        var verdict = set.Add(Hash(accessKeyId, nonce));
        if (verdict == NonceVerdict.Fresh && Interlocked.Increment(ref _count) > _capacity) ForgetOldest();
        return verdict;
    }

    private NonceSet? SetFor(DateTimeOffset timestamp)
    {
        // Also what keeps the ring from mixing up minutes that are 64 apart.
        if ((_time.GetUtcNow() - timestamp).Duration() > _halfWidth) return null;
        ForgetExpired();
        return SetOf(timestamp.ToUnixTimeSeconds());
    }

    private ulong Hash(string accessKeyId, string nonce)
    {
        const int most = LongestToken;
        Invariant.That(accessKeyId.Length <= most && nonce.Length <= most, "the reader bounds both");

        // The length in front keeps (ab, c) and (a, bc) apart.
        Span<char> text = stackalloc char[1 + (2 * most)];
        text[0] = (char)accessKeyId.Length;
        accessKeyId.CopyTo(text[1..]);
        nonce.CopyTo(text[(1 + accessKeyId.Length)..]);
        text = text[..(1 + accessKeyId.Length + nonce.Length)];
        return Math.Max(1, SipHash.Hash(_key, MemoryMarshal.AsBytes(text)));
    }

    /// <summary>The set for a time, or null if the horizon has passed it.</summary>
    private NonceSet? SetOf(long second)
    {
        long minute = second / 60;
        ref NonceSet? slot = ref _ring[minute & (RingSize - 1)];
        NonceSet? set = Volatile.Read(ref slot);
        if (set?.Minute == minute) return set;

        lock (_rolling)
        {
            if (second <= _horizon) return null;
            if (slot?.Minute != minute)
            {
                Invariant.That(slot is null, "a slot is emptied before its minute comes round again");
                Volatile.Write(ref slot, new NonceSet(minute));
            }

            return slot;
        }
    }

    private void ForgetExpired()
    {
        long opens = (_time.GetUtcNow() - _halfWidth).ToUnixTimeSeconds();
        long lastExpired = (opens / 60 * 60) - 1;
        if (lastExpired <= Volatile.Read(ref _horizon)) return;
        lock (_rolling) RaiseHorizon(lastExpired);
    }

    private void ForgetOldest()
    {
        lock (_rolling)
        {
            if (Count <= _capacity) return; // another thread has just done it
            NonceSet? oldest = null;
            foreach (NonceSet? set in _ring)
            {
                if (set is not null && (oldest is null || set.Minute < oldest.Minute)) oldest = set;
            }

            if (oldest is not null) RaiseHorizon(oldest.LastSecond);
        }
    }

    /// <summary>
    /// The horizon rises first and never falls, not even with a clock that goes back: between the two steps
    /// a replay could else find its minute new and empty.
    /// </summary>
    private void RaiseHorizon(long to)
    {
        if (to <= _horizon) return;
        Volatile.Write(ref _horizon, to);
        for (int i = 0; i < RingSize; i++)
        {
            if (_ring[i] is not { } set || set.LastSecond > to) continue;
            Volatile.Write(ref _ring[i], null);
            Interlocked.Add(ref _count, -set.Close());
        }
    }
}
