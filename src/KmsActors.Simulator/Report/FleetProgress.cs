namespace KmsActors.Simulator;

/// <summary>
/// How far a run is. The parts of the fleet that are run apart report to it, each from a thread of its own; another
/// thread reads it.
/// </summary>
/// <param name="days">How many days each part has.</param>
/// <param name="parts">How many parts there are.</param>
/// <param name="time">A real clock.</param>
internal sealed class FleetProgress(int days, int parts, TimeProvider time)
{
    // The first day says little of the others: many keys are made on it.
    private const double LeastForAnEstimate = 0.01;

    private readonly Lock _lock = new();
    private readonly long _begun = time.GetTimestamp();
    private readonly Dictionary<FleetStatistics, Reported> _reported = [];

    private sealed record Reported(int Days, long Deletions, long Steps);

    /// <summary>0 to 1.</summary>
    public double Share => Sum(part => part.Days) / ((double)days * parts);

    /// <summary>
    /// Says that a part has come to the end of a day, counted from 0. What the statistics say is read now, on the
    /// thread that writes them.
    /// </summary>
    public void Report(int day, FleetStatistics statistics)
    {
        var reported = new Reported(
            Math.Clamp(day + 1, 0, days), statistics.Total(FleetEvent.Deleted), statistics.Steps);
        lock (_lock) _reported[statistics] = reported;
    }

    /// <summary>
    /// In words: <c>day 132 of 1,096, 1,234 deletions, 120,000 steps/s, about 40 s left</c>. The day is the one that
    /// all parts together have reached on average, and so is what is left.
    /// </summary>
    public string Line()
    {
        var elapsed = time.GetElapsedTime(_begun);
        var done = Share;
        var speed = Sum(part => part.Steps) / Math.Max(elapsed.TotalSeconds, 0.001);
        var line = $"day {Words.Count((long)(done * days))} of {Words.Count(days)}, "
            + $"{Words.Count(Sum(part => part.Deletions), "deletion")}, {Words.Count(speed)} steps/s";
        if (done is < LeastForAnEstimate or >= 1) return line;
        var left = Math.Ceiling(elapsed.TotalSeconds * (1 - done) / done);
        return $"{line}, about {Words.Duration(TimeSpan.FromSeconds(left))} left";
    }

    private long Sum(Func<Reported, long> of)
    {
        lock (_lock) return _reported.Values.Sum(of);
    }
}
