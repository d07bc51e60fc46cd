using KmsActors.Operations;

namespace KmsActors.Simulator.Tests;

/// <summary>What the load of seeded runs is made of.</summary>
public sealed class LoadTests
{
    private const int MostSeeds = 40;

    // Operations that no caller makes, and why.
    private static readonly Dictionary<string, string> NotCalled = new()
    {
        [nameof(RotateKey)] = "the pump's own, when a rotation is due",
    };

    [Fact]
    public void SeededRuns_MakeAllOperations_AndHaveThemDone()
    {
        var missing = typeof(CreateKey).Assembly.GetTypes().Where(IsOperation).Select(type => type.Name).ToHashSet();
        missing.ExceptWith(NotCalled.Keys);
        for (var seed = 1UL; missing.Count > 0 && seed <= MostSeeds; seed++)
        {
            var result = SeededRun.Execute(new RunOptions(seed)
            {
                CallEnded = call =>
                {
                    if (call.Answer is { Refusal: null }) missing.Remove(call.Name);
                },
            });
            Assert.True(result.Failure is null, $"seed {seed}: {result.Failure}");
        }

        Assert.Empty(missing);
    }

    private static bool IsOperation(Type type) => !type.IsInterface && type.GetInterfaces().Any(each =>
        each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IOperation<>));
}
