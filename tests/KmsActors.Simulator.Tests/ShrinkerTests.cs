namespace KmsActors.Simulator.Tests;

/// <summary>What is left of a run that fails is little, and fails alike.</summary>
public sealed class ShrinkerTests
{
    [Fact]
    public void Shrink_SabotagedRun_LeavesWhatItTakes()
    {
        var sabotage = Sabotages.All["a revocation does not wait"];
        var options = new RunOptions(1) { Rules = sabotage.Rules, Sabotage = sabotage.Parts };
        var whole = SeededRun.Execute(options);
        Assert.NotNull(whole.Failure);

        var (shortest, result) = Shrinker.Shrink(options, whole);

        Assert.Equal(whole.Rule, result.Rule);
        Assert.Equal(result.Hash, SeededRun.Execute(shortest).Hash);
        Assert.True(result.Calls < whole.Calls, $"{result.Calls} of {whole.Calls} calls are left");
        // To make a key, to use it, to take the right away, to use it again; and what brings about the moment.
        Assert.InRange(shortest.OnlySessions!.Count, 1, 30);
    }

    [Fact]
    public void Write_Failure_SaysSeedRuleAndLastSteps()
    {
        var options = new RunOptions(1) { Rules = new DatabaseRules { KeepsAudit = false } };
        var result = SeededRun.Execute(options);
        using var writer = new StringWriter();

        SeedReport.Write(writer, result, options, result);

        var text = writer.ToString();
        Assert.Contains("Seed 1 breaks a rule", text, StringComparison.Ordinal);
        Assert.Contains("node 0: starts", text, StringComparison.Ordinal);
        Assert.Contains("--seed 1", text, StringComparison.Ordinal);
    }
}
