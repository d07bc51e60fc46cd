namespace KmsActors.Simulator;

/// <summary>
/// Makes a run that breaks a rule shorter: leaves out sessions and faults, and keeps what the same rule is broken
/// without. What is left is what somebody has to read.
/// </summary>
internal static class Shrinker
{
    private const int MostRuns = 400;

    /// <summary>The shortest found, with its result.</summary>
    /// <param name="options">Of the run that failed.</param>
    /// <param name="result">What it came to.</param>
    public static (RunOptions Options, RunResult Result) Shrink(RunOptions options, RunResult result)
    {
        var (best, rule, left) = ((Options: options, Result: result), result.Rule, MostRuns);
        Reduce(Numbers(result.Faults), kept => Fails(best.Options with { OnlyFaults = kept }));
        Reduce(Numbers(result.Sessions), kept => Fails(best.Options with { OnlySessions = kept }));
        Reduce([.. best.Options.OnlyFaults ?? Numbers(result.Faults).ToHashSet()], kept =>
            Fails(best.Options with { OnlyFaults = kept }));
        return best;

        bool Fails(RunOptions fewer)
        {
            if (left-- <= 0) return false;
            var shorter = SeededRun.Execute(fewer);
            if (shorter.Rule != rule) return false;
            best = (fewer, shorter);
            return true;
        }
    }

    /// <summary>Leaves out ever smaller parts, for as long as that goes well.</summary>
    private static void Reduce(List<long> all, Func<HashSet<long>, bool> fails)
    {
        if (all.Count == 0) return;
        if (fails([])) return;
        for (var size = Math.Max(1, all.Count / 2); size >= 1; size /= 2)
        {
            for (var from = 0; from < all.Count;)
            {
                var fewer = all.Where((_, i) => i < from || i >= from + size).ToList();
                if (fails([.. fewer])) all = fewer;
                else from += size;
            }
        }
    }

    private static List<long> Numbers(long count)
    {
        var numbers = new List<long>();
        for (var i = 0L; i < count; i++) numbers.Add(i);
        return numbers;
    }
}
