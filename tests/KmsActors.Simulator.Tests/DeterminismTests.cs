using System.Diagnostics;

namespace KmsActors.Simulator.Tests;

/// <summary>A seed fixes a run to its last step, in this process and in others.</summary>
public sealed class DeterminismTests
{
    [Fact]
    public void Run_SameSeedTwice_GoesTheSameWay()
    {
        for (var seed = 1000UL; seed < 1006; seed++)
        {
            var (first, second) = (Run(seed), Run(seed));
            Assert.Equal(first with { Trace = [] }, second with { Trace = [] });
            Assert.Equal(first.Trace, second.Trace);
            Assert.NotEmpty(first.Trace);
        }
    }

    [Fact]
    public void Run_WithAndWithoutWords_GoesTheSameWay() => Assert.Equal(
        SeededRun.Execute(new RunOptions(77)).Hash, Run(77).Hash);

    [Fact]
    public void Run_OtherSeeds_GoOtherWays() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(i => Run((ulong)i).Hash).Distinct().Count());

    /// <summary>What a process has of its own, such as how it hashes texts, must not matter.</summary>
    [Fact]
    public async Task Program_SameSeedTwice_PrintsTheSame()
    {
        var outputs = await Task.WhenAll(PrintAsync("--seed", "4711", "--trace"), PrintAsync("--seed", "4711", "--trace"));
        Assert.Equal(0, outputs[0].ExitCode);
        Assert.Contains("trace ", outputs[0].Output, StringComparison.Ordinal);
        Assert.Equal(outputs[0].Output, outputs[1].Output);
    }

    [Theory]
    [InlineData(2, "--seeds", "0")]
    [InlineData(2, "--days", "0")]
    [InlineData(2, "--fleet", "/nowhere.json")]
    [InlineData(2, "--nonsense")]
    public async Task Program_WrongUse_SaysSo(int exitCode, params string[] args) =>
        Assert.Equal(exitCode, (await PrintAsync(args)).ExitCode);

    private static RunResult Run(ulong seed) => SeededRun.Execute(new RunOptions(seed) { KeepsTrace = true });

    private static async Task<(int ExitCode, string Output)> PrintAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SeededRun).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await Task.WhenAll(error, process.WaitForExitAsync());
        return (process.ExitCode, output);
    }
}
