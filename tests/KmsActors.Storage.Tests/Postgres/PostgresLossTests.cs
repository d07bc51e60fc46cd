using System.Globalization;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Testing.Postgres;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>What is left, and what is told, when connections or the server go.</summary>
public sealed class PostgresLossTests
{
    private readonly PostgresSchema _schema = new();

    [Fact]
    public async Task CommitAsync_AnswerLost_IsUnknownAndNotDoneTwice()
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await OpenAsync(proxy);
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0, "before")), default)).ETag;
        var asked = proxy.Asked;
        proxy.Next = PostgresProxy.Cut.BeforeItsAnswer;

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.CommitAsync(Commit(Write(Key("k"), etag, "after")), default));

        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
        Assert.Equal(asked + 1, proxy.Asked);
        var grain = await store.LoadAsync(Key("k"), default);
        Assert.Equal("after", Encoding.UTF8.GetString(grain!.State));
        Assert.Equal(["2"], await _schema.QueryAsync("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task CommitAsync_RequestLost_IsUnknownAndNotDone()
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await OpenAsync(proxy);
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0, "before")), default)).ETag;
        var asked = proxy.Asked;
        proxy.Next = PostgresProxy.Cut.BeforeTheServerHasIt;

        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.CommitAsync(Commit(Write(Key("k"), etag, "after")), default));

        Assert.Equal(asked + 1, proxy.Asked);
        Assert.Equal(etag, (await store.LoadAsync(Key("k"), default))!.ETag);
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync(Commit(Write(Key("k"), etag)), default)).Status);
    }

    [Theory]
    [InlineData(PostgresProxy.Cut.BeforeTheServerHasIt)]
    [InlineData(PostgresProxy.Cut.BeforeItsAnswer)]
    public async Task Reads_ConnectionLost_AreDoneOnAnother(PostgresProxy.Cut cut)
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await OpenAsync(proxy);
        await store.CommitAsync(Commit(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, Start))), default);
        var position = (await store.PollAsync(null, default)).Position;
        await store.CommitAsync(Commit(Write(Key("l"), 0)), default);
        Func<Task>[] reads =
        [
            async () => Assert.NotNull(await store.LoadAsync(Key("k"), default)),
            async () => Assert.Equal(2, (await store.KeysAsync(Account, KeyFilter.None, 0, 10, default)).TotalCount),
            async () => Assert.Single(await store.DueRemindersAsync(Start, 10, default)),
            async () => Assert.Equal([7], await store.SetMetaIfAbsentAsync("m", [7], default)),
            async () => Assert.Contains(Key("l"), (await store.PollAsync(position, default)).Changed.Select(c => c.Id)),
            async () => Assert.Equal(0, (await store.SpreadAsync(null, TimeSpan.FromMinutes(1), default)).Behind),
        ];
        foreach (var read in reads)
        {
            proxy.Next = cut;
            await read();
            Assert.Equal(PostgresProxy.Cut.Never, proxy.Next);
        }
    }

    [Fact]
    public async Task Calls_AreOneRoundTripEach()
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await OpenAsync(proxy);
        var etag = 0L;
        var applied = (FeedPosition?)null;
        Func<Task>[] calls =
        [
            async () => etag = (await store.CommitAsync(
                Commit(Write(Key("k"), etag, listing: Listed() with { Tags = Tags(("a", "1"), ("b", "2")) })), default)).ETag,
            async () => await store.CommitAsync(Commit(Write(Key("k"), 0)), default),
            async () => await store.CommitAsync(Commit(Write(Key("l"), 0, limit: 1)), default),
            async () => await store.CommitAsync(
                Commit(Guard(Key("k"), etag), Write(Alias("a"), 0, owner: "k"), Guard(Key("none"), 0)), default),
            async () => await store.LoadAsync(Key("k"), default),
            async () => await store.KeysAsync(Account, KeyFilter.None, 0, 10, default),
            async () => await store.KeysAsync(Account, new() { AliasPart = "a" }, 0, 10, default),
            async () => await store.KeysAsync(Account, ByTags(new("a", []), new("b", ["2", "3"])), 0, 10, default),
            async () => await store.TagsAsync(Account, ProjectSet.All, 10, default),
            async () => await store.AliasesOfKeyAsync(Account, "k", 0, 10, default),
            async () => await store.DueRemindersAsync(Start, 10, default),
            async () => await store.SetMetaIfAbsentAsync("m", [7], default),
            async () => await store.SpendAsync(Guid.Empty, Start.AddYears(100), default),
            async () => applied = (await store.PollAsync(applied, default)).Position,
            async () => await store.SpreadAsync(null, TimeSpan.FromSeconds(1), default),
            async () => await store.CommitAsync(Commit(Write(Key("k"), etag, null)), default),
        ];
        // The first time also connects and prepares.
        for (var i = 0; i < calls.Length; i++)
        {
            await calls[i]();
            if (i == calls.Length - 2) continue;
            if (i == calls.Length - 1) break;
            if (i == 0) etag = (await store.LoadAsync(Key("k"), default))!.ETag;
            var asked = proxy.Asked;
            await calls[i]();
            // A poll's two transactions are asked for together.
            Assert.Equal((i, asked + (i == calls.Length - 3 ? 2 : 1)), (i, proxy.Asked));
        }
    }

    [Fact]
    public async Task CommitAsync_ConnectionsCutAllTheTime_NothingIsHalfDone()
    {
        const int Counters = 8;
        await using var store = await _schema.OpenAsync();
        using var stop = new CancellationTokenSource();
        var unknown = 0;
        var counting = Enumerable.Range(0, Counters).Select(i => Task.Run(() => CountAsync(Key($"k{i}")))).ToList();
        for (var cuts = 0; cuts < 40; cuts++)
        {
            await Task.Delay(25);
            await _schema.CutAsync();
        }

        await stop.CancelAsync();
        var sums = await Task.WhenAll(counting);
        Assert.True(unknown > 0);
        Assert.All(sums, sum => Assert.True(sum > 0));
        // All that goes with a commit, for each that took place.
        Assert.Equal([$"{sums.Sum()}"], await _schema.QueryAsync("SELECT count(*) FROM audit"));
        Assert.Equal([$"{sums.Sum()}"], await _schema.QueryAsync("SELECT count(*) FROM changes"));
        Assert.Equal([$"{Counters}"], await _schema.QueryAsync("SELECT count FROM counts"));
        Assert.Equal(
            sums.Select((sum, i) => $"k{i}|{Start.AddTicks(sum).UtcTicks}|{sum}"),
            await _schema.QueryAsync("""
                SELECT key_id, created_at, tag_value FROM keys JOIN tags USING (account, key_id, created_at) ORDER BY 1
                """));

        // Adds 1 and 1, and never more than it knows to have been added.
        async Task<long> CountAsync(GrainId id)
        {
            var (sum, etag) = (0L, 0L);
            while (!stop.IsCancellationRequested || sum == 0)
            {
                var next = sum + 1;
                var listing = Listed(Start.AddTicks(next)) with { Tags = Tags(("sum", $"{next}")) };
                try
                {
                    var result = await store.CommitAsync(Commit(Write(id, etag, $"{next}", listing: listing)), default);
                    Assert.Equal(CommitStatus.Committed, result.Status);
                    (sum, etag) = (next, result.ETag);
                }
                catch (StoreUnavailableException)
                {
                    Interlocked.Increment(ref unknown);
                    var grain = await LoadAsync(id);
                    var found = grain is null ? 0 : long.Parse(Encoding.UTF8.GetString(grain.State), CultureInfo.InvariantCulture);
                    Assert.InRange(found, sum, next);
                    Assert.True(found == sum ? (grain?.ETag ?? 0) == etag : grain!.ETag > etag);
                    (sum, etag) = (found, grain?.ETag ?? 0);
                }
            }

            return sum;
        }

        // The one connection may be cut, and the next as well.
        async Task<StoredGrain?> LoadAsync(GrainId id)
        {
            while (true)
            {
                try
                {
                    return await store.LoadAsync(id, default);
                }
                catch (StoreUnavailableException)
                {
                    await Task.Delay(1);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_ServerStoppedAndStarted_WorkAgainByThemselves(bool crash)
    {
        using var cluster = new PostgresCluster();
        await using var store = await new PostgresSchema(cluster).OpenAsync();
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0)), default)).ETag;
        var first = await store.PollAsync(null, default);
        cluster.StopServer(crash);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.LoadAsync(Key("k"), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.CommitAsync(Commit(Write(Key("k"), etag)), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.PollAsync(first.Position, default));
        cluster.StartServer();

        Assert.Equal(etag, (await store.LoadAsync(Key("k"), default))!.ETag);
        Assert.True((await store.CommitAsync(Commit(Write(Key("k"), etag)), default)).ETag > etag);
        // What it was told before may be of another server, for all that is known.
        var page = await store.PollAsync(first.Position, default);
        Assert.False(page.IsWhole);
        Assert.True((await store.PollAsync(page.Position, default)).IsWhole);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CommitAsync_ServerStartedAnewWhileNobodyAsked_IsCommitted(bool crash)
    {
        using var cluster = new PostgresCluster();
        await using var store = await new PostgresSchema(cluster).OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(i => store.CommitAsync(Commit(Write(Key($"{i}"), 0)), default).AsTask()));
        cluster.StopServer(crash);
        cluster.StartServer();

        // One of the connections to the old one is tried, and tells of all.
        await store.LoadAsync(Key("k"), default);
        foreach (var i in Enumerable.Range(16, 16))
        {
            var result = await store.CommitAsync(Commit(Write(Key($"{i}"), 0)), default);
            Assert.Equal(CommitStatus.Committed, result.Status);
        }
    }

    // As when what is between has forgotten them: who finds out first spares the others.
    [Fact]
    public async Task CommitAsync_IdleConnectionsGone_IsCommittedOnceOneHasShownIt()
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await OpenAsync(proxy);
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; LOCK TABLE audit");
        var first = Enumerable.Range(0, 16)
            .Select(i => store.CommitAsync(Commit(Write(Token($"{i}", $"{i}"), 0)), default).AsTask()).ToList();
        await _schema.WaitForLocksAsync(16);
        await PostgresSchema.RunAsync(other, "ROLLBACK");
        await Task.WhenAll(first);
        proxy.CutAll();

        Assert.NotNull(await store.LoadAsync(Token("1", "1"), default));
        var results = await Task.WhenAll(Enumerable.Range(16, 16)
            .Select(i => store.CommitAsync(Commit(Write(Token($"{i}"), 0)), default).AsTask()));
        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
    }

    [Fact]
    public async Task Calls_Cancelled_GiveUpWaitingForAConnectionOrAnAnswer()
    {
        await using var store = await _schema.OpenAsync(options => options with { MostConnections = 1 });
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0)), default)).ETag;
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; LOCK TABLE grains");
        using var cancellation = new CancellationTokenSource();
        var reading = store.LoadAsync(Key("k"), cancellation.Token).AsTask();
        await _schema.WaitForLocksAsync(1);
        var waiting = store.CommitAsync(Commit(Write(Key("k"), etag, "never")), cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await PostgresSchema.RunAsync(other, "ROLLBACK");
        Assert.Equal(etag, (await store.LoadAsync(Key("k"), default))!.ETag);
    }

    // Its outcome is asked for by nobody, but it is on its way.
    [Fact]
    public async Task CommitAsync_CancelledWhileTheServerIsAtIt_EndsAsItEnds()
    {
        await using var store = await _schema.OpenAsync();
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0)), default)).ETag;
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM grains FOR UPDATE");
        using var cancellation = new CancellationTokenSource();
        var committing = store.CommitAsync(Commit(Write(Key("k"), etag, "after")), cancellation.Token).AsTask();
        await _schema.WaitForLocksAsync(1);
        await cancellation.CancelAsync();
        await Task.Delay(100);
        Assert.False(committing.IsCompleted);
        await PostgresSchema.RunAsync(other, "ROLLBACK");

        Assert.Equal(CommitStatus.Committed, (await committing).Status);
    }

    [Fact]
    public async Task CommitAsync_TakesTooLong_TheServerEndsIt()
    {
        await using var store = await _schema.OpenAsync(
            options => options with { CommandTimeout = TimeSpan.FromSeconds(2) });
        var etag = (await store.CommitAsync(Commit(Write(Key("k"), 0)), default)).ETag;
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM grains FOR UPDATE");

        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.CommitAsync(Commit(Write(Key("k"), etag, "late")), default));
        await _schema.WaitForLocksAsync(0);
        await PostgresSchema.RunAsync(other, "ROLLBACK");

        Assert.Equal(etag, (await store.LoadAsync(Key("k"), default))!.ETag);
    }

    private Task<PostgresGrainStore> OpenAsync(PostgresProxy proxy) => _schema.OpenAsync(
        options => options with { ConnectionString = proxy.ConnectionString(options.ConnectionString) });
}
