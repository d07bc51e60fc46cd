using System.Globalization;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Jobs of a server that is alone.</summary>
public sealed class JobTests : AdminServer
{
    // Its clock is the tests': whatever waits for a second waits for us.
    private const int MostRounds = 2000;

    protected override IEnumerable<string> MoreOptions =>
    [
        .. base.MoreOptions, "--Kms:Jobs:RunsKept=3", "--Kms:Jobs:RowsPerSecond=1", "--Kms:Jobs:TombstonesSchedule=",
    ];

    [Fact]
    public async Task Jobs_AreListed_EachWithItsScheduleAndItsLastRun()
    {
        var list = await Operator.GetAsync("jobs");
        Assert.Equal(["rewrap", "prune", "scrub", "tombstones"], list.List("items", "name"));
        Assert.All(list.List("items", "description"), text => Assert.NotEqual("", text));
        Assert.Equal(["23 * * * *", "*/5 * * * *", "17 3 * * SUN", ""], list.List("items", "schedule"));
        // The clock says Sunday, the first of March, 8 o'clock.
        Assert.Equal("2026-03-08T03:17:00+00:00", list["items.2.nextRunAt"]);
        Assert.False(list.Json.GetProperty("items")[3].TryGetProperty("nextRunAt", out _));
        Assert.Equal("[]", list["items.2.runs"]);
        var run = await RunAsync("scrub");
        Assert.Equal(run["id"], (await Operator.GetAsync("jobs"))["items.2.runs.0.id"]);
    }

    [Fact]
    public async Task Scrub_OfAServersOwnKeys_FindsWhatIsPutWrong_AndNothingElse()
    {
        var tenant = await NewTenantAsync();
        var keys = new[] { await tenant.KeyAsync(), await tenant.RotatingKeyAsync(), await tenant.ImportedKeyAsync() };
        await tenant.AliasAsync(keys[0]);
        await tenant.OkAsync("TagResource", ("KeyId", keys[0]), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keys[1]), ("PendingWindowInDays", "7"));
        var clean = await RunAsync("scrub");
        Assert.Equal(("Succeeded", "3", "1", "[]"), (
            clean["state"], clean["report.totals.keys"], clean["report.totals.aliases"], clean["report.findings"]));
        Assert.Equal(("4", "4", "1"), (clean["done"], clean["total"], clean["attempt"]));

        var hsm = await tenant.KeyAsync(("ProtectionLevel", "HSM"));
        Corrupt($"UPDATE keys SET key_state = 1 WHERE key_id = '{keys[0]}'");
        Corrupt($"UPDATE counts SET count = 7 WHERE account = '{tenant.Account}' AND kind = 4");
        Corrupt("INSERT INTO reminders (kind, account, name, reminder, due_at) VALUES (8, 'a', 'token', 3, 4000000000000000000)");
        var found = await RunAsync("scrub");
        Assert.Equal(
            ["count-differs", "hsm-level-in-software", "listing-differs", "reminder-orphan"],
            found.List("report.findings", "kind").Order());
        Assert.Equal(
            new[] { "Alias", keys[0], hsm, "token" }.Order(), found.List("report.findings", "subject").Order());
        Assert.Equal("1", found["report.totals.listing-differs"]);
        Assert.DoesNotContain("Wrapped", found.Text, StringComparison.Ordinal);
        Assert.Equal("Succeeded", (await Operator.GetAsync("jobs/scrub"))["runs.0.state"]);
    }

    [Fact]
    public async Task Tombstones_AreForgotten_AfterTheirTime()
    {
        var tenant = await NewTenantAsync();
        var (deleted, kept) = (await tenant.KeyAsync(), await tenant.KeyAsync());
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", deleted), ("PendingWindowInDays", "7"));
        Clock.Shift(TimeSpan.FromDays(8));
        await RunRemindersAsync();
        Assert.Equal(1L, Tombstones());

        var early = await RunAsync("tombstones");
        Assert.Equal(("1", "0"), (early["report.totals.tombstones"], early["report.totals.forgotten"]));
        Clock.Shift(TimeSpan.FromDays(401));
        var late = await RunAsync("tombstones");
        Assert.Equal(("1", "1"), (late["report.totals.tombstones"], late["report.totals.forgotten"]));
        Assert.Equal(0L, Tombstones());
        Assert.Equal(1L, Query("SELECT count(*) FROM audit WHERE actor = 'jobs' AND events = 'KeyForgotten'"));
        await tenant.RefusedAsync("Forbidden.KeyNotFound", null, "DescribeKey", ("KeyId", deleted));
        Assert.Equal("Enabled", await tenant.StateAsync(kept));
        // It may be at it already: its day has come meanwhile.
        await Operator.SendAsync("POST", "jobs/scrub/runs");
        var scrub = await UntilEndedAsync("scrub", (await Operator.GetAsync("jobs/scrub"))["runs.0.id"]);
        Assert.Equal("[]", scrub["report.findings"]);

        long Tombstones() => (long)Query("SELECT count(*) FROM grains WHERE kind = 3 AND counted = 0")!;
    }

    [Fact]
    public async Task Run_UnderWay_IsOne_AndStops()
    {
        var tenant = await NewTenantAsync();
        await tenant.KeyAsync();
        // By a clock that stands still the scrubber waits for ever after its first look.
        var run = await StartAsync("scrub");
        await Eventually.TrueAsync(async () => (await Operator.GetAsync("jobs/scrub"))["runs.0.state"] == "Running");
        await Operator.RefusedAsync(409, "JobIsRunning", null, "POST", "jobs/scrub/runs");
        var asked = await Operator.OkAsync("DELETE", "jobs/scrub/runs/current", null, 202);
        Assert.Equal((run, "True"), (asked["id"], asked["stopAsked"]));
        Assert.Equal("Cancelled", (await UntilEndedAsync("scrub", run))["state"]);
        await Operator.RefusedAsync(409, "JobIsNotRunning", null, "DELETE", "jobs/scrub/runs/current");
        await Operator.RefusedAsync(404, "JobNotFound", null, "DELETE", "jobs/nosuch/runs/current");
        await Operator.RefusedAsync(404, "RunNotFound", null, "GET", "jobs/prune/runs/" + run);
        await Operator.RefusedAsync(404, "RunNotFound", null, "GET", "jobs/scrub/runs/" + new string('r', 500));
    }

    [Fact]
    public async Task Run_ThatWasLeftOpen_GoesOnAtTheNextStart()
    {
        var tenant = await NewTenantAsync();
        await tenant.KeyAsync();
        var run = await StartAsync("scrub");
        await Eventually.TrueAsync(async () => (await Operator.GetAsync("jobs/scrub"))["runs.0.state"] == "Running");
        await RestartAsync();
        var ended = await UntilEndedAsync("scrub", run);
        Assert.Equal(("Succeeded", "2", "1"), (ended["state"], ended["attempt"], ended["report.totals.keys"]));
        // As if it had been killed.
        await StopAsync();
        Corrupt($"UPDATE job_runs SET state = 1, finished_at = NULL, report = NULL WHERE id = '{run}'");
        await StartAsync();
        Assert.Equal(("Succeeded", "3"), (await UntilEndedAsync("scrub", run) is var again ? (again["state"], again["attempt"]) : default));
    }

    [Fact]
    public async Task Run_ThatWasMissed_IsMadeUpForOnce_AndOldRunsAreForgotten()
    {
        for (var i = 0; i < 5; i++) await RunAsync("prune");
        Assert.Equal(3, (await Operator.GetAsync("jobs/prune")).Json.GetProperty("runs").GetArrayLength());
        await StopAsync();
        Clock.Shift(TimeSpan.FromDays(1));
        await StartAsync();
        await Eventually.TrueAsync(async () =>
        {
            var last = await Operator.GetAsync("jobs/prune");
            return DateTimeOffset.Parse(last["runs.0.openedAt"], CultureInfo.InvariantCulture) >= Clock.GetUtcNow().AddHours(-1)
                && last["runs.0.state"] == "Succeeded";
        });
        Assert.Equal("[]", (await Operator.GetAsync("jobs/tombstones"))["runs"]);
    }

    private async Task<string> StartAsync(string job) => (await Operator.OkAsync("POST", $"jobs/{job}/runs", null, 202))["id"];

    private async Task<AdminAnswer> RunAsync(string job) => await UntilEndedAsync(job, await StartAsync(job));

    private async Task<AdminAnswer> UntilEndedAsync(string job, string id)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var run = await Operator.GetAsync($"jobs/{job}/runs/{id}");
            if (run.Has("finishedAt")) return run;
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(10);
        }

        throw new TimeoutException($"{job} has not ended");
    }

    private void Corrupt(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "kms.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only tests' own constants come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.True(command.ExecuteNonQuery() > 0, sql);
    }
}
