namespace KmsActors.Simulator.Tests;

/// <summary>The checks notice what they are there for: of each mistake, within so many seeds.</summary>
public sealed class SabotageTests
{
    private const int MostSeeds = 100;

    public static TheoryData<string> Names() => new(Sabotages.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Sabotaged_BreaksARule(string name)
    {
        var sabotage = Sabotages.All[name];
        for (var seed = 1UL; seed <= MostSeeds; seed++)
        {
            var result = SeededRun.Execute(
                new RunOptions(seed) { Rules = sabotage.Rules, Sabotage = sabotage.Parts });
            if (result.Rule is not { } rule) continue;
            Assert.True(sabotage.Found.Any(rule.StartsWith), $"seed {seed}: {result.Failure}");
            Console.WriteLine($"{name}: seed {seed}: {result.Failure!.Message}");
            return;
        }

        Assert.Fail($"{name}: not found in {MostSeeds} seeds");
    }
}
