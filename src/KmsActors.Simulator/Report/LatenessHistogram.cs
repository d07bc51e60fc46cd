namespace KmsActors.Simulator;

/// <summary>
/// How late things were, in buckets of three significant decimal digits of milliseconds: what it says of a share of
/// them is at most 1 % too much, and never too little. 57 kB, whatever it counts.
/// </summary>
internal sealed class LatenessHistogram
{
    private const long FineMilliseconds = 1000;
    private const int BucketsOfADecade = 900;
    private const int Decades = 7;

    // One for each of 0 to 999 ms; then each decade with the first three digits of it; then all that is longer.
    private readonly long[] _buckets = new long[FineMilliseconds + (Decades * BucketsOfADecade) + 1];

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The latest of all, exactly; zero if there was none.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Records one. What came early was not late.</summary>
    public void Record(TimeSpan lateness)
    {
        if (lateness < TimeSpan.Zero) lateness = TimeSpan.Zero;
        _buckets[BucketOf(lateness)]++;
        Count++;
        if (lateness > Max) Max = lateness;
    }

    /// <summary>
    /// What at least that share of them did not exceed: 0.5 is the median. Rounded up to the bucket's end, and zero
    /// if there was none.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _buckets.Length - 1; bucket++)
        {
            seen += _buckets[bucket];
            if (seen >= rank) return Min(EndOf(bucket), Max);
        }

        return Max;
    }

    /// <summary>How many were at most that late; exact for times of at most three significant digits.</summary>
    public long CountUpTo(TimeSpan lateness)
    {
        long count = 0;
        for (var bucket = 0; bucket < _buckets.Length - 1 && EndOf(bucket) <= lateness; bucket++)
            count += _buckets[bucket];
        return count;
    }

    /// <summary>Adds what another has recorded.</summary>
    public void Add(LatenessHistogram other)
    {
        for (var bucket = 0; bucket < _buckets.Length; bucket++) _buckets[bucket] += other._buckets[bucket];
        Count += other.Count;
        Max = Max > other.Max ? Max : other.Max;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private int BucketOf(TimeSpan lateness)
    {
        var milliseconds = DividedUp(lateness.Ticks, TimeSpan.TicksPerMillisecond);
        if (milliseconds < FineMilliseconds) return (int)milliseconds;
        long width = 10;
        for (var decade = 0; decade < Decades; decade++, width *= 10)
        {
            // A lateness of exactly 1 s is the last of the 100s of 10 ms: buckets have their end, not their beginning.
            var digits = DividedUp(milliseconds, width);
            if (digits < FineMilliseconds)
                return (int)(FineMilliseconds + (decade * BucketsOfADecade) + digits - (FineMilliseconds / 10));
        }

        return _buckets.Length - 1;
    }

    /// <summary>The longest lateness that a bucket counts.</summary>
    private static TimeSpan EndOf(int bucket)
    {
        if (bucket < FineMilliseconds) return TimeSpan.FromMilliseconds(bucket);
        var (decade, digits) = Math.DivRem(bucket - FineMilliseconds, BucketsOfADecade);
        var width = (long)Math.Pow(10, decade + 1);
        return TimeSpan.FromMilliseconds((digits + (FineMilliseconds / 10)) * width);
    }

    private static long DividedUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
