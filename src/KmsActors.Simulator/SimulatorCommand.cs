using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;

namespace KmsActors.Simulator;

/// <summary>
/// The command: seeds, to find what is wrong with the service; or a fleet, to see what will become of it.
/// </summary>
internal sealed class SimulatorCommand
{
    private const string Program = "dotnet run -c Release --project src/KmsActors.Simulator --";
    private const double DaysPerYear = 365.25;
    private const int Good = 0;
    private const int RuleBroken = 1;
    private const int Misused = 2;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly FleetArguments _fleet = new();

    private readonly Option<long> _seeds = new("--seeds")
    {
        Description = "How many seeds to run, from --seed on",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _trace = new("--trace") { Description = "Print what happens, of one seed" };

    private readonly Option<FileInfo> _report = new("--report")
    {
        Description = "Where to write the report of a fleet",
        DefaultValueFactory = _ => new FileInfo("fleet-report.html"),
    };

    /// <summary>Runs the program; its exit code: 0 for nothing wrong, 1 for a broken rule, 2 for wrong use.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new SimulatorCommand();
        var root = new RootCommand(
            "Runs the service's own code for years in seconds, on a simulated clock, database and scheduler.\n"
            + "With --days, --tenants, --keys or --fleet: a fleet, with a report. Else: seeds, with every check.");
        command._fleet.AddTo(root);
        root.Add(command._seeds);
        root.Add(command._trace);
        root.Add(command._report);
        root.SetAction((line, _) => command.RunAsync(line));
        try
        {
            var parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
                return Misused;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception misuse) when (misuse is FleetException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(misuse.Message);
            return Misused;
        }
    }

    private Task<int> RunAsync(ParseResult line) =>
        _fleet.AreGiven(line) ? RunFleetAsync(line) : Task.FromResult(RunSeeds(line));

    private async Task<int> RunFleetAsync(ParseResult line)
    {
        var (fleet, begun) = (_fleet.Read(line), TimeProvider.System.GetTimestamp());
        var progress = new FleetProgress(fleet.Days, FleetRunner.PartsOf(fleet), TimeProvider.System);
        try
        {
            var (statistics, hash) = await ProgressDisplay.ShowAsync(
                Screen.Error(), progress, TimeProvider.System, Task.Run(() => FleetRunner.Run(fleet, progress)));
            var run = new FleetRun(
                fleet,
                statistics,
                TimeProvider.System.GetElapsedTime(begun),
                $"{Program} {_fleet.Again(line, fleet)}",
                hash);
            var path = line.GetValue(_report)!.FullName;
            HtmlReport.Write(path, run);
            Summary.Write(Screen.Output(), run, path);
            return Good;
        }
        catch (AggregateException failure)
        {
            await Console.Error.WriteLineAsync(failure.InnerExceptions[0].ToString());
            await Console.Error.WriteLineAsync($"Again: {Program} {_fleet.Again(line, fleet)}");
            return RuleBroken;
        }
    }

    private int RunSeeds(ParseResult line)
    {
        var first = _fleet.SeedOf(line) ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        var count = line.GetValue(_seeds);
        if (count < 1)
        {
            Console.Error.WriteLine("--seeds: 1 or more");
            return Misused;
        }

        if (count == 1) return RunSeed(first, line.GetValue(_trace));
        var (begun, told, runs, days) = (TimeProvider.System.GetTimestamp(), TimeSpan.Zero, 0L, 0.0);
        Console.WriteLine($"{Words.Count(count)} seeds from {first} on");
        var failed = SeedRunner.Run(first, count, result =>
        {
            (runs, days) = (runs + 1, days + result.Days);
            var taken = TimeProvider.System.GetElapsedTime(begun);
            if (taken - told < LineInterval) return;
            told = taken;
            Console.WriteLine(Progress(runs, days, taken));
        });
        Console.WriteLine(Progress(runs, days, TimeProvider.System.GetElapsedTime(begun)));
        if (failed is { } broken) return Fail(broken.Options, broken.Result);
        Console.WriteLine("No rule was broken.");
        return Good;
    }

    private static int RunSeed(ulong seed, bool keepsTrace)
    {
        var options = new RunOptions(seed) { KeepsTrace = keepsTrace };
        var result = SeededRun.Execute(options);
        foreach (var step in result.Trace) Console.WriteLine(step);
        if (result.Failure is not null) return Fail(options, result);
        Console.WriteLine(SeedReport.Line(seed, result));
        return Good;
    }

    private static int Fail(RunOptions options, RunResult result)
    {
        var (shortest, shortestResult) = Shrinker.Shrink(options, result);
        SeedReport.Write(Console.Out, result, shortest, shortestResult);
        return RuleBroken;
    }

    private static string Progress(long runs, double days, TimeSpan taken) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Words.Count(runs, "seed")}, {Words.Count(days / DaysPerYear)} simulated years in {Words.Duration(taken)}");
}
