using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace KmsActors.Cli;

/// <summary>kmsctl jobs.</summary>
internal static class JobCommands
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create() => new("jobs", "What the servers do once for all of them: checks, pruning")
    {
        List(), Show(), Start(), Stop(),
    };

    private static Argument<string> Job() => Options.Name("JOB", "The job's name, as list has it");

    private static string PathOf(params ReadOnlySpan<string> names) => AdminClient.Path("jobs", names);

    private static Command List() => new Command("list", "Lists the jobs and how their last runs went").Runs(
        async call =>
        {
            var answer = await call.Admin.GetAsync(PathOf());
            call.Output.Rows(
                answer,
                ["name", "state", "progress", "openedAt", "nextRunAt", "description"],
                answer.Items("items").Select(job =>
                {
                    var last = job.Items("runs").FirstOrDefault();
                    return new[]
                    {
                        job.Shown("name"), last.Shown("state"), Progress(last), last.Shown("openedAt"),
                        job.Shown("nextRunAt"), job.Shown("description"),
                    };
                }));
        });

    private static Command Show()
    {
        var job = Job();
        var run = Options.Text("--run", "ID", "What came of this run of it (default: of the last that has ended)");
        return new Command("show", "Shows a job, its last runs, and what came of one") { job, run }.Runs(async call =>
        {
            var name = call.Get(job);
            if (call.Get(run) is { } id)
            {
                WriteRun(call, await call.Admin.GetAsync(PathOf(name, "runs", id)));
                return;
            }

            var answer = await call.Admin.GetAsync(PathOf(name));
            if (call.Output.IsJson)
            {
                call.Output.Item(answer);
                return;
            }

            call.Output.Item(answer, null, "runs");
            WriteRuns(call, answer);
            var ended = answer.Items("runs").FirstOrDefault(each => each.Text("finishedAt") is not null);
            if (ended.ValueKind != JsonValueKind.Undefined)
                WriteReport(call, await call.Admin.GetAsync(PathOf(name, "runs", ended.Required("id"))));
        });
    }

    private static Command Start()
    {
        var job = Job();
        var wait = Options.Flag("--wait", "Return when it has ended; Ctrl-C ends the waiting alone");
        return new Command("start", "Has a job run now") { job, wait }.Runs(async call =>
        {
            var name = call.Get(job);
            var run = await call.Admin.PostAsync(PathOf(name, "runs"));
            if (call.Get(wait)) run = await WaitAsync(call, PathOf(name, "runs", run.Required("id")), name);
            WriteRun(call, run);
            if (run.Required("state") is "Failed" or "Cancelled")
                throw new CliException(ExitCode.Refused, $"The run is {run.Required("state").ToLowerInvariant()}.");
        });
    }

    private static Command Stop()
    {
        var job = Job();
        return new Command("stop", "Asks the run of a job that is under way to stop") { job }.Runs(async call =>
            WriteRun(call, await call.Admin.DeleteAsync(PathOf(call.Get(job), "runs", "current"))));
    }

    private static Task<JsonElement> WaitAsync(Call call, string path, string name)
    {
        var shell = call.Shell;
        return shell.IsErrorTerminal && shell.IsColourful
            ? Ansi.On(shell.Error, shell.Width).Status().StartAsync(
                Markup.Escape(Printable.Of(name)),
                status => UntilEndedAsync(
                    call, path, run => status.Status(Markup.Escape(Printable.Of($"{name}: {Progress(run)}")))))
            : UntilEndedAsync(call, path, _ => { });
    }

    private static async Task<JsonElement> UntilEndedAsync(Call call, string path, Action<JsonElement> show)
    {
        while (true)
        {
            var run = await call.Admin.GetAsync(path);
            if (run.Text("finishedAt") is not null) return run;
            show(run);
            await Task.Delay(Pause, call.Shell.Time, call.Cancellation);
        }
    }

    private static string Progress(JsonElement run)
    {
        if (run.ValueKind == JsonValueKind.Undefined) return "";
        var of = run.Shown("total") is "0" ? "" : $" of {run.Shown("total")}";
        return $"{run.Shown("done")}{of} {run.Shown("message")}".TrimEnd();
    }

    private static void WriteRuns(Call call, JsonElement job) => call.Output.Rows(
        job,
        ["run", "state", "progress", "node", "attempt", "openedAt", "finishedAt"],
        job.Items("runs").Select(run => new[]
        {
            run.Shown("id"), run.Shown("state"), Progress(run), run.Shown("node"), run.Shown("attempt"),
            run.Shown("openedAt"), run.Shown("finishedAt"),
        }));

    private static void WriteRun(Call call, JsonElement run)
    {
        if (call.Output.IsJson)
        {
            call.Output.Item(run);
            return;
        }

        call.Output.Item(run, null, "report");
        WriteReport(call, run);
    }

    private static void WriteReport(Call call, JsonElement run)
    {
        if (!run.TryGetProperty("report", out var report)) return;
        call.Output.Rows(
            report,
            ["what", "number"],
            report.Member("totals").EnumerateObject().Select(total => new[] { total.Name, total.Value.Shown() }));
        var findings = report.Items("findings").ToList();
        if (findings.Count > 0) call.Output.List(findings, "kind", "account", "subject", "detail");
    }
}
