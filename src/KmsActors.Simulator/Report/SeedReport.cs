namespace KmsActors.Simulator;

/// <summary>Says what seeds have come to.</summary>
internal static class SeedReport
{
    private const int LastSteps = 60;

    /// <summary>One line on a run in which nothing was wrong.</summary>
    public static string Line(ulong seed, RunResult result) =>
        $"seed {seed}: {Words.Count(result.Steps)} steps, {Words.Count(result.Calls)} calls, "
        + $"{Words.Count(result.Commits)} commits, {Words.Count(result.Days)} days, trace {result.Hash:x16}";

    /// <summary>Which rule was broken by what seed, and the last steps of the shortest run that breaks it.</summary>
    public static void Write(TextWriter writer, RunResult whole, RunOptions options, RunResult shortest)
    {
        writer.WriteLine($"Seed {options.Seed} breaks a rule: {whole.Failure!.Message}");
        writer.WriteLine(
            $"Shrunk from {Words.Count(whole.Calls)} calls to {Words.Count(shortest.Calls)}, "
            + $"with {FaultsOf(options, whole)} of {whole.Faults} faults. Its last steps:");
        writer.WriteLine();
        var traced = SeededRun.Execute(options with { KeepsTrace = true });
        foreach (var line in traced.Trace.TakeLast(LastSteps)) writer.WriteLine(line);
        writer.WriteLine();
        writer.WriteLine(traced.Failure is Violation broken ? broken.Message : traced.Failure);
        writer.WriteLine();
        writer.WriteLine("Again: dotnet run -c Release --project src/KmsActors.Simulator -- --seed " + options.Seed);
    }

    private static int FaultsOf(RunOptions options, RunResult whole) => options.OnlyFaults?.Count ?? (int)whole.Faults;
}
