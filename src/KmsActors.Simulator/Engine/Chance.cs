using System.Numerics;

namespace KmsActors.Simulator;

/// <summary>
/// Where all chance of a run comes from: xoshiro256**, whose numbers are the same on every machine and every
/// runtime. Each purpose draws from a fork of its own, so that to do without one thing leaves the others as they were.
/// </summary>
internal sealed class Chance
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>The same numbers for the same seed.</summary>
    public Chance(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>Another source that depends on a seed and on some numbers, and on nothing drawn before.</summary>
    public static Chance Of(ulong seed, params ReadOnlySpan<ulong> numbers)
    {
        foreach (var number in numbers)
        {
            seed ^= unchecked((number + 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9);
            seed = SplitMix(ref seed);
        }

        return new Chance(seed);
    }

    /// <summary>Another source, for another purpose.</summary>
    public Chance Fork() => new(Next());

    /// <summary>Any 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
            var shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = BitOperations.RotateLeft(_d, 45);
            return result;
        }
    }

    /// <summary>A whole number below <paramref name="most"/>, which is 1 or more.</summary>
    public int Below(int most) => (int)Math.BigMul(Next(), (ulong)most, out _);

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>A number from 0 to 1, without 1.</summary>
    public double Part() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something that happens with this probability happens.</summary>
    public bool Happens(double probability) => probability > 0 && Part() < probability;

    /// <summary>A length of time from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        least + new TimeSpan((long)((most - least).Ticks * Part()));

    /// <summary>A length of time with this mean, as of events that do not know of each other.</summary>
    public TimeSpan Exponential(TimeSpan mean) => new((long)(-Math.Log(1 - Part()) * mean.Ticks));

    /// <summary>One of these, of which there is at least one.</summary>
    public T OneOf<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Fills with any bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
            destination = destination[sizeof(ulong)..];
        }

        if (destination.IsEmpty) return;
        var last = Next();
        foreach (ref var each in destination)
        {
            each = unchecked((byte)last);
            last >>= 8;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9e3779b97f4a7c15;
            var mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return mixed ^ (mixed >> 31);
        }
    }
}
