using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace KmsActors.ClusterTests;

/// <summary>Jobs of a fleet of two nodes: one run at a time, seen from both, and none is lost with its node.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it through IAsyncLifetime.")]
public sealed class JobTests : IAsyncLifetime
{
    private const string Scrub = "/jobs/scrub";
    private const string Runs = $"{Scrub}/runs";
    private const int Keys = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly PostgresCluster _database = new();
    private Cluster _cluster = null!;

    private Node One => _cluster.Nodes[0];

    private Node Two => _cluster.Nodes[1];

    public async Task InitializeAsync()
    {
        // As slow as it takes to find it under way.
        _cluster = new Cluster(_database, "jobs")
        {
            Settings = ["--Kms:Jobs:CheckInSeconds=1", "--Kms:Jobs:RowsPerSecond=8", "--Kms:Jobs:ScrubSchedule="],
        };
        await Task.WhenAll(_cluster.AddAsync(), _cluster.AddAsync());
        for (var i = 0; i < Keys; i++) await One.CreateKeyAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Run_is_one_in_the_fleet_and_stopped_and_killed_and_taken_over_from_everywhere()
    {
        // One at a time, whichever node is asked.
        var id = (await StartAsync(One)).Text("id");
        foreach (var node in _cluster.Nodes)
            Assert.Equal("JobIsRunning", (await node.AdminAsync("POST", Runs, null))!.Code);
        await UntilAsync(Two, run => run.Text("state") == "Running" && run.Body.GetProperty("done").GetInt64() > 0);

        // Stopped from the node where it does not run.
        (await AtAndOther(id).Other.AdminAsync("DELETE", $"{Runs}/current", null))!.Ok();
        var stopped = await UntilAsync(Two, run => run.Text("state") == "Cancelled");
        Assert.Equal(id, stopped.Text("id"));
        Assert.Equal("JobIsNotRunning", (await Two.AdminAsync("DELETE", $"{Runs}/current", null))!.Code);

        // Killed, it goes on where it was, at the other node.
        id = (await StartAsync(Two)).Text("id");
        await UntilAsync(Two, run => run.Body.GetProperty("done").GetInt64() > 0);
        var (at, other) = AtAndOther(id);
        at.Kill();
        await UntilAsync(other, run => run.Body.GetProperty("attempt").GetInt32() == 2);
        await at.StartAsync();
        var finished = await UntilAsync(at, run => run.Text("state") == "Succeeded");
        Assert.Equal(id, finished.Text("id"));
        var seen = (await other.AdminAsync("GET", $"{Runs}/{id}", null))!.Ok();
        var totals = seen.Body.GetProperty("report").GetProperty("totals");
        Assert.Equal((Keys, 2), (totals.GetProperty("keys").GetInt32(), totals.EnumerateObject().Count()));

        // A node that is told to stop hands it over.
        id = (await StartAsync(One)).Text("id");
        await UntilAsync(One, run => run.Body.GetProperty("done").GetInt64() > 0);
        (at, other) = AtAndOther(id);
        at.Signal("TERM");
        Assert.Equal(0, await at.EndAsync());
        finished = await UntilAsync(other, run => run.Text("state") == "Succeeded");
        Assert.Equal((id, 2), (finished.Text("id"), finished.Body.GetProperty("attempt").GetInt32()));
        Assert.Equal(3, (await other.AdminAsync("GET", Scrub, null))!.Ok().Body.GetProperty("runs").GetArrayLength());
    }

    /// <summary>Where a run was begun, and the other node.</summary>
    private (Node At, Node Other) AtAndOther(string id) =>
        One.Output.Contains($"Run {id}", StringComparison.Ordinal) ? (One, Two) : (Two, One);

    private static async Task<Answer> StartAsync(Node node) => (await node.AdminAsync("POST", Runs, null))!.Ok();

    /// <summary>The last run as a node tells of it, once it is so.</summary>
    private static async Task<Answer> UntilAsync(Node node, Predicate<Answer> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var job = (await node.AdminAsync("GET", Scrub, null))!.Ok();
            var last = job with { Body = job.Body.GetProperty("runs")[0] };
            if (isSo(last)) return last;
            Assert.True(watch.Elapsed < Patience, last.Body.GetRawText());
            await Task.Delay(100);
        }
    }
}
