using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>What commits that share a transaction do to each other.</summary>
public sealed class SqliteBatchTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task CommitAsync_BadCommitsInABatch_FailAlone()
    {
        await using var store = await _file.OpenAsync();
        Poison("ABORT");
        var existing = await CommitAsync(store, Write(Key("existing"), 0));
        List<Task<CommitResult>> good = [];
        List<Task<CommitResult>> bad = [];
        List<Task<CommitResult>> late = [];
        using (HoldTheLock())
        {
            for (var i = 0; i < 20; i++)
            {
                good.Add(CommitAsync(store, Write(Key($"good {i}"), 0)));
                bad.Add(CommitAsync(store, Write(Key($"first of bad {i}"), 0), Write(Key($"poison {i}"), 0)));
                late.Add(CommitAsync(store, Write(Key($"first of late {i}"), 0), Guard(Key("existing"), 0)));
            }
        }

        foreach (var task in good) Assert.Equal(CommitStatus.Committed, (await task).Status);
        foreach (var task in late) Assert.Equal(CommitStatus.Conflict, (await task).Status);
        foreach (var task in bad) await Assert.ThrowsAsync<InvariantException>(() => task);
        Assert.Equal(20, good.Select(task => task.Result.ETag).Append(existing.ETag).Distinct().Count() - 1);
        var keys = await store.KeysAsync(Account, KeyFilter.None, 0, 1000, default);
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"good {i}").Append("existing").Order(StringComparer.Ordinal),
            keys.Items);
        Assert.Equal(21, keys.TotalCount);
    }

    [Fact]
    public async Task CommitAsync_TransactionFails_AllItsCallersHearAndTheNextSucceeds()
    {
        await using var store = await _file.OpenAsync();
        Poison("ROLLBACK");
        Task<CommitResult>[] batch;
        using (HoldTheLock())
        {
            _ = CommitAsync(store, Write(Key("keeps the writer busy"), 0));
            await Task.Delay(100);
            batch =
            [
                CommitAsync(store, Write(Key("before"), 0)),
                CommitAsync(store, Write(Key("poison"), 0)),
                CommitAsync(store, Write(Key("after"), 0)),
            ];
        }

        foreach (var task in batch) await Assert.ThrowsAsync<StoreUnavailableException>(() => task);
        Assert.Null(await store.LoadAsync(Key("before"), default));
        Assert.Equal(CommitStatus.Committed, (await CommitAsync(store, Write(Key("before"), 0))).Status);
    }

    [Fact]
    public async Task CommitAsync_OtherProcessHoldsTheLockTooLong_IsUnavailable()
    {
        await using var store = await _file.OpenAsync(
            o => o with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using (HoldTheLock())
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => CommitAsync(store, Write(Key("k"), 0)));
            Assert.Null(await store.LoadAsync(Key("k"), default));
        }

        Assert.Equal(CommitStatus.Committed, (await CommitAsync(store, Write(Key("k"), 0))).Status);
    }

    [Fact]
    public async Task CommitAsync_QueueFull_WaitsAndCanBeCancelled()
    {
        await using var store = await _file.OpenAsync(o => o with { QueueCapacity = 2, BatchSize = 1 });
        using var cancel = new CancellationTokenSource();
        Task<CommitResult>[] taken;
        using (HoldTheLock())
        {
            Task<CommitResult>[] calls =
            [
                .. Enumerable.Range(0, 10).Select(i =>
                    store.CommitAsync(Commit(Write(Key($"{i}"), 0)), cancel.Token).AsTask()),
            ];
            await Task.Delay(100);
            Assert.All(calls, call => Assert.False(call.IsCompleted));
            await cancel.CancelAsync();
            await Task.WhenAny(Task.WhenAll(calls[3..]), Task.Delay(Patience));
            taken = [.. calls.Where(call => !call.IsCanceled)];
            Assert.All(taken, call => Assert.False(call.IsCompleted));
        }

        // Two were queued and, if the writer had got so far, one was being committed: too late to cancel.
        Assert.InRange(taken.Length, 2, 3);
        foreach (var call in taken) Assert.Equal(CommitStatus.Committed, (await call).Status);
        Assert.Equal(
            taken.Length, (await store.KeysAsync(Account, KeyFilter.None, 0, 10, default)).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_QueueFull_WaitersGetIn()
    {
        await using var store = await _file.OpenAsync(o => o with { QueueCapacity = 1, BatchSize = 1 });

        var results = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => CommitAsync(store, Write(Key($"{i}"), 0))));

        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
    }

    [Fact]
    public async Task DisposeAsync_CommitsQueued_AreCommitted()
    {
        var store = await _file.OpenAsync();
        List<Task<CommitResult>> calls;
        ValueTask disposal;
        using (HoldTheLock())
        {
            calls = [.. Enumerable.Range(0, 300).Select(i => CommitAsync(store, Write(Key($"{i}"), 0)))];
            disposal = store.DisposeAsync();
        }

        await disposal;
        foreach (var call in calls) Assert.Equal(CommitStatus.Committed, (await call).Status);
        await using var reopened = await _file.OpenAsync();
        Assert.Equal(300, (await reopened.KeysAsync(Account, KeyFilter.None, 0, 1, default)).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_CommitNotYetSynced_IsNotAnswered()
    {
        await using var store = await _file.OpenAsync();
        Task<CommitResult> call;
        using (HoldTheLock())
        {
            call = CommitAsync(store, Write(Key("k"), 0));
            await Task.Delay(100);
            Assert.False(call.IsCompleted);
            Assert.Null(await store.LoadAsync(Key("k"), default));
        }

        Assert.Equal(CommitStatus.Committed, (await call).Status);
        Assert.NotNull(await store.LoadAsync(Key("k"), default));
    }

    private static Task<CommitResult> CommitAsync(SqliteGrainStore store, params GrainWrite[] writes) =>
        store.CommitAsync(Commit(writes), CancellationToken.None).AsTask();

    /// <summary>Makes the database refuse grains whose name begins with poison.</summary>
    private void Poison(string how) => _file.Run(
        $"CREATE TRIGGER poison BEFORE INSERT ON grains WHEN NEW.name LIKE 'poison%' "
        + $"BEGIN SELECT RAISE({how}, 'poison'); END");

    /// <summary>Until disposed of, keeps the writer waiting, so that commits queue up.</summary>
    private SqliteConnection HoldTheLock()
    {
        var connection = _file.Connect();
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        return connection;
    }
}
