namespace KmsActors.Simulator.Tests;

/// <summary>The service breaks no rule, whatever happens to it.</summary>
public sealed class SeedTests
{
    private const long Seeds = 200;

    [Fact]
    public void Run_Seeds_BreakNoRule()
    {
        var (runs, calls, commits, days) = (0, 0L, 0L, 0.0);
        var failed = SeedRunner.Run(1, Seeds, result =>
        {
            runs++;
            (calls, commits, days) = (calls + result.Calls, commits + result.Commits, days + result.Days);
        });

        Assert.True(failed is null, $"{failed?.Options.Seed}: {failed?.Result.Failure}");
        Assert.Equal(Seeds, runs);
        // Else nothing was tried.
        Assert.True(calls > 100 * Seeds && commits > 40 * Seeds && days > 365 * Seeds, $"{calls} {commits} {days}");
    }
}
