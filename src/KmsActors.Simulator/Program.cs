using KmsActors.Simulator;

if (args[0] == "fleet")
{
    var fleet = new FleetDescription() with { Days = int.Parse(args[1]), Tenants = int.Parse(args[2]), Keys = int.Parse(args[3]) };
    var begun = TimeProvider.System.GetTimestamp();
    var progress = new FleetProgress(fleet.Days, FleetRunner.PartsOf(fleet), TimeProvider.System);
    var (statistics, hash) = await ProgressDisplay.ShowAsync(Screen.Error(), progress, TimeProvider.System, Task.Run(() => FleetRunner.Run(fleet, progress)));
    var run = new FleetRun(fleet, statistics, TimeProvider.System.GetElapsedTime(begun), "x", hash);
    HtmlReport.Write("/tmp/report.html", run);
    Summary.Write(Screen.Output(), run, "/tmp/report.html");
    return;
}
var from = args.Length > 0 ? ulong.Parse(args[0]) : 1;
var count = args.Length > 1 ? int.Parse(args[1]) : 1;
var watch = TimeProvider.System.GetTimestamp();
for (var seed = from; seed < from + (ulong)count; seed++)
{
    var result = SeededRun.Execute(new RunOptions(seed) { KeepsTrace = args.Length > 2 });
    Console.WriteLine($"{seed} {result.Hash:x} steps {result.Steps} calls {result.Calls} commits {result.Commits} days {result.Days:F0} {result.Rule}");
    if (result.Failure is not null)
    {
        foreach (var line in result.Trace.TakeLast(4096)) Console.WriteLine(line);
        Console.WriteLine(result.Failure);
    }
}
Console.WriteLine(TimeProvider.System.GetElapsedTime(watch));
