namespace KmsActors.Simulator;

/// <summary>An axis of counts, from 0 to a round number that is not below the largest.</summary>
internal sealed class LinearScale
{
    private const int MostIntervals = 5;

    private readonly long _top;

    /// <param name="largest">The largest count that is shown; 0 or more.</param>
    public LinearScale(long largest)
    {
        var step = StepFor(Math.Max(largest, 1));
        var intervals = Math.Max(1, (largest + step - 1) / step);
        _top = intervals * step;
        Ticks = [.. Enumerable.Range(0, (int)intervals + 1).Select(index => index * step)];
    }

    /// <summary>The counts that have a label; 0 and the top are among them.</summary>
    public IReadOnlyList<long> Ticks { get; }

    /// <summary>Where a count is, of the whole length: 0 to 1.</summary>
    public double At(long count) => (double)count / _top;

    /// <summary>The smallest of 1, 2, 5, 10, 20, 50 … that needs few enough intervals.</summary>
    private static long StepFor(long largest)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var digit in (ReadOnlySpan<long>)[1, 2, 5])
            {
                if (digit * power * MostIntervals >= largest) return digit * power;
            }
        }
    }
}
