using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Storage.Sqlite;
using KmsActors.Storage.Tests.Postgres;
using KmsActors.Storage.Tests.Sqlite;

namespace KmsActors.Storage.Tests;

/// <summary>What <see cref="IJobLedger"/> means, for every implementation.</summary>
public abstract class JobLedgerTests<TStore> : IAsyncLifetime
    where TStore : class, IJobLedger, IAsyncDisposable
{
    private static readonly JobNote s_running = new(JobRunState.Running, 3, 10, "three of ten", "at three", null);
    private static readonly JobNote s_done = new(JobRunState.Succeeded, 10, 10, "all", null, """{"totals":{}}""");

    private TStore _store = null!;

    private static DateTimeOffset At(int second) => Make.Start.AddSeconds(second);

    public async Task InitializeAsync() => _store = await OpenAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    protected abstract Task<TStore> OpenAsync();

    [Fact]
    public async Task Run_GoesItsWay()
    {
        var opened = (await _store.OpenRunAsync("scrub", "r1", At(0), default))!;
        Assert.Equal(new JobRun("r1", "scrub", JobRunState.Waiting, At(0)), opened);
        var begun = (await _store.BeginRunAsync("scrub", "unused", "node-a", At(1), default))!;
        Assert.Equal(
            opened with { State = JobRunState.Running, Node = "node-a", Attempt = 1, StartedAt = At(1) }, begun);
        Assert.Equal(JobSignal.None, await _store.NoteRunAsync(begun, s_running, At(2), default));
        var noted = begun with { Done = 3, Total = 10, Message = "three of ten", Checkpoint = "at three" };
        Assert.Equal(noted, await _store.FindRunAsync("scrub", "r1", default));
        Assert.Equal([noted with { Checkpoint = null }], await _store.LastRunsAsync("scrub", 10, default));
        Assert.Equal(JobSignal.None, await _store.NoteRunAsync(begun, s_done, At(3), default));
        var finished = begun with
        {
            State = JobRunState.Succeeded, FinishedAt = At(3), Done = 10, Total = 10, Message = "all",
            Report = s_done.Report,
        };
        Assert.Equal(finished, await _store.FindRunAsync("scrub", "r1", default));
        Assert.Equal(JobSignal.Lost, await _store.NoteRunAsync(begun, s_running, At(4), default));
        Assert.Null(await _store.BeginRunAsync("scrub", null, "node-a", At(5), default));
        Assert.Null(await _store.StopRunAsync("scrub", At(5), default));
        Assert.Equal(finished, await _store.FindRunAsync("scrub", "r1", default));
        Assert.Null(await _store.FindRunAsync("other", "r1", default));
        Assert.Null(await _store.FindRunAsync("scrub", "r2", default));
    }

    [Fact]
    public async Task OfAJob_OneRunIsOpen()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => _store.OpenRunAsync("scrub", $"r{i}", At(0), default).AsTask())));
        var one = Assert.Single(opened, run => run is not null)!;
        Assert.NotNull(await _store.OpenRunAsync("prune", "p", At(0), default));
        // Asked again, as it may be when the answer was lost.
        Assert.Equal(one, await _store.OpenRunAsync("scrub", one.Id, At(1), default));
        var begun = (await _store.BeginRunAsync("scrub", null, "node", At(1), default))!;
        Assert.Equal(one.Id, begun.Id);
        Assert.Null(await _store.OpenRunAsync("scrub", "another", At(2), default));
        await _store.NoteRunAsync(begun, s_done, At(3), default);
        Assert.NotNull(await _store.OpenRunAsync("scrub", "another", At(4), default));
    }

    [Fact]
    public async Task Begin_OpensARunIfItIsToldTo()
    {
        Assert.Null(await _store.BeginRunAsync("scrub", null, "node", At(0), default));
        var begun = (await _store.BeginRunAsync("scrub", "r", "node", At(1), default))!;
        Assert.Equal(
            new JobRun("r", "scrub", JobRunState.Running, At(1)) { Node = "node", Attempt = 1, StartedAt = At(1) }, begun);
    }

    [Fact]
    public async Task AnotherAttempt_GoesOnFromTheCheckpoint_AndTheFirstWritesNothingMore()
    {
        var first = (await _store.BeginRunAsync("scrub", "r", "node-a", At(0), default))!;
        await _store.NoteRunAsync(first, s_running, At(1), default);
        var second = (await _store.BeginRunAsync("scrub", "unused", "node-b", At(2), default))!;
        Assert.Equal(("r", "node-b", 2, "at three", 3L), (second.Id, second.Node, second.Attempt, second.Checkpoint, second.Done));
        Assert.Equal(At(0), second.StartedAt);
        Assert.Equal(JobSignal.Lost, await _store.NoteRunAsync(first, s_done, At(3), default));
        Assert.Equal(second, await _store.FindRunAsync("scrub", "r", default));
    }

    [Fact]
    public async Task Released_ItWaits()
    {
        var first = (await _store.BeginRunAsync("scrub", "r", "node-a", At(0), default))!;
        await _store.NoteRunAsync(first, s_running with { State = JobRunState.Waiting }, At(1), default);
        var waiting = Assert.Single(await _store.LastRunsAsync("scrub", 10, default));
        Assert.Equal((JobRunState.Waiting, "node-a", 1), (waiting.State, waiting.Node, waiting.Attempt));
        Assert.Null(waiting.FinishedAt);
    }

    [Fact]
    public async Task Stop_CancelsAWaitingRunAtOnce_AndTellsTheOneUnderWay()
    {
        Assert.Null(await _store.StopRunAsync("scrub", At(0), default));
        await _store.OpenRunAsync("scrub", "r1", At(0), default);
        var stopped = (await _store.StopRunAsync("scrub", At(1), default))!;
        Assert.Equal((JobRunState.Cancelled, At(1)), (stopped.State, stopped.FinishedAt));
        Assert.Null(await _store.BeginRunAsync("scrub", null, "node", At(2), default));

        var begun = (await _store.BeginRunAsync("scrub", "r2", "node", At(3), default))!;
        var asked = (await _store.StopRunAsync("scrub", At(4), default))!;
        Assert.Equal(begun with { StopAsked = true }, asked);
        Assert.Equal(JobSignal.Stop, await _store.NoteRunAsync(begun, s_running, At(5), default));
        Assert.True((await _store.BeginRunAsync("scrub", null, "other", At(6), default))!.StopAsked);
    }

    [Fact]
    public async Task LastRuns_AreTheLatestOfTheJob_LatestFirst_WithoutReports()
    {
        for (var i = 0; i < 5; i++)
        {
            foreach (var job in new[] { "scrub", "prune" })
            {
                var run = (await _store.BeginRunAsync(job, $"{job}-{i}", "node", At(i), default))!;
                await _store.NoteRunAsync(run, s_done, At(i), default);
            }
        }

        var last = await _store.LastRunsAsync("scrub", 3, default);
        Assert.Equal(["scrub-4", "scrub-3", "scrub-2"], last.Select(run => run.Id));
        Assert.All(last, run => Assert.Null(run.Report));
        Assert.Empty(await _store.LastRunsAsync("other", 3, default));
    }

    [Fact]
    public async Task Prune_KeepsTheLastOfEachJob_AndWhatIsOpen()
    {
        for (var i = 0; i < 5; i++)
        {
            foreach (var job in new[] { "scrub", "prune" })
            {
                var run = (await _store.BeginRunAsync(job, $"{job}-{i}", "node", At(i), default))!;
                if (i < 4) await _store.NoteRunAsync(run, s_done, At(i), default);
            }
        }

        Assert.Equal(6, await _store.PruneRunsAsync(2, default));
        Assert.Equal(["scrub-4", "scrub-3"], (await _store.LastRunsAsync("scrub", 10, default)).Select(run => run.Id));
        Assert.Equal(2, await _store.PruneRunsAsync(0, default));
        Assert.Equal(["prune-4"], (await _store.LastRunsAsync("prune", 10, default)).Select(run => run.Id));
        Assert.Equal(0, await _store.PruneRunsAsync(0, default));
    }

    [Fact]
    public async Task Texts_AreKeptAsTheyAre()
    {
        var text = string.Concat(Make.OddText);
        var run = (await _store.BeginRunAsync("scrub", "r", text, At(0), default))!;
        await _store.NoteRunAsync(run, new JobNote(JobRunState.Running, 0, 0, text, text, text), At(1), default);
        var found = (await _store.FindRunAsync("scrub", "r", default))!;
        Assert.Equal((text, text, text, text), (found.Node, found.Message, found.Checkpoint, found.Report));
    }

    [Fact]
    public async Task Closed_TheStoreIsUnavailable()
    {
        await _store.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.OpenRunAsync("scrub", "r", At(0), default).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.LastRunsAsync("scrub", 1, default).AsTask());
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteJobLedgerTests : JobLedgerTests<SqliteGrainStore>, IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    protected override Task<SqliteGrainStore> OpenAsync() => _file.OpenAsync();
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresJobLedgerTests : JobLedgerTests<PostgresGrainStore>
{
    private readonly PostgresSchema _schema = new();

    protected override Task<PostgresGrainStore> OpenAsync() => _schema.OpenAsync();
}
