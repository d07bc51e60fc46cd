using System.Diagnostics;

namespace KmsActors.Benchmarks.Load;

/// <summary>When calls are due, whether or not earlier ones are answered by then.</summary>
/// <param name="Due">Times from the beginning, in timestamps of Stopwatch, in order.</param>
/// <param name="CallsEach">How many calls are due at each of them.</param>
internal sealed record Timetable(long[] Due, int CallsEach)
{
    // Above this calls come in small volleys: a thread that sleeps between all of them would cost more.
    private const int MostTimesASecond = 1000;

    public int Calls => Due.Length * CallsEach;

    /// <summary>At even distances, from the beginning on.</summary>
    public static Timetable Even(int callsASecond, double seconds)
    {
        var callsEach = Math.Max(1, callsASecond / MostTimesASecond);
        var timesASecond = callsASecond / (double)callsEach;
        var times = Enumerable.Range(0, (int)(timesASecond * seconds));
        return new([.. times.Select(i => (long)(i / timesASecond * Stopwatch.Frequency))], callsEach);
    }

    /// <summary>As independent callers come: at random, so many a second in the mean. The same for a seed.</summary>
    public static Timetable Random(int callsASecond, double seconds, int seed)
    {
        var random = new Random(seed);
        var due = new List<long>();
        for (var at = 0.0; ; )
        {
            at -= Math.Log(1 - random.NextDouble()) / callsASecond;
            if (at > seconds) return new([.. due], 1);
            due.Add((long)(at * Stopwatch.Frequency));
        }
    }
}
