using System.Diagnostics;

namespace KmsActors.Benchmarks.Libraries;

/// <summary>A bare call of a library, on several threads at once, measured in rounds as a request is.</summary>
internal sealed class LibrarySubject
{
    private readonly Action[] _calls;
    private readonly List<double> _rates = [];
    private readonly List<double> _cpus = [];

    /// <param name="makeCall">Makes the call with objects of its own, once for each thread.</param>
    /// <param name="threads">How many; null for one on each core.</param>
    public LibrarySubject(Func<Action> makeCall, int? threads = null) =>
        _calls = [.. Enumerable.Range(0, threads ?? Environment.ProcessorCount).Select(_ => makeCall())];

    /// <summary>Calls a second in every round.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>Calls a second, the median of all rounds.</summary>
    public double Rate => Statistics.Median(_rates);

    /// <summary>CPU time of a call, in microseconds, the median of all rounds.</summary>
    public double Cpu => Statistics.Median(_cpus);

    /// <summary>Calls for some seconds without keeping anything.</summary>
    public void WarmUp(double seconds) => Run(seconds);

    /// <summary>Measures one round of so many seconds.</summary>
    public void Round(double seconds)
    {
        // This process does nothing else meanwhile.
        var before = Environment.CpuUsage.TotalTime;
        var counts = Run(seconds);
        _cpus.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / counts.Sum());
        _rates.Add(counts.Sum() / seconds);
    }

    private long[] Run(double seconds)
    {
        var counts = new long[_calls.Length];
        using var start = new Barrier(_calls.Length);
        var threads = _calls.Select((call, i) => new Thread(() =>
        {
            start.SignalAndWait();
            var began = Stopwatch.GetTimestamp();
            var count = 0L;
            for (; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; count++) call();
            counts[i] = count;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return counts;
    }
}
