namespace KmsActors.Simulator;

/// <summary>Runs one seed after the other, on as many threads as there are cores.</summary>
internal static class SeedRunner
{
    /// <summary>Runs them until one breaks a rule; that one, or null.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="ended">Told of each run that has come to its end, by one thread at a time.</param>
    public static (RunOptions Options, RunResult Result)? Run(ulong first, long count, Action<RunResult> ended)
    {
        var failed = new SortedDictionary<ulong, RunResult>();
        Parallel.For(0L, count, (i, all) =>
        {
            if (all.ShouldExitCurrentIteration) return;
            var seed = unchecked(first + (ulong)i);
            var result = SeededRun.Execute(new RunOptions(seed));
            lock (failed)
            {
                ended(result);
                if (result.Failure is not null) failed.Add(seed, result);
            }

            if (result.Failure is not null) all.Break();
        });
        return failed.Count == 0 ? null : (new RunOptions(failed.First().Key), failed.First().Value);
    }
}
