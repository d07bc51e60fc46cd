using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Testing.Postgres;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>
/// What nodes learn of each other and of each other's commits: on a server of their own, as the feed waits for
/// transactions of the whole server.
/// </summary>
public sealed class PostgresFeedTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>, IAsyncLifetime
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly PostgresSchema _schema = new(cluster);
    private PostgresGrainStore _one = null!;
    private PostgresGrainStore _two = null!;

    public async Task InitializeAsync() => (_one, _two) = (await _schema.OpenAsync(), await _schema.OpenAsync());

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task PollAsync_First_TellsOfNoChanges()
    {
        await CommitAsync(Write(Key("k"), 0));

        var page = await _one.PollAsync(null, default);

        Assert.Empty(page.Changed);
        Assert.True(page.IsWhole);
    }

    [Fact]
    public async Task PollAsync_Later_TellsOfWhatWasWrittenDeletedAndCascadedSince()
    {
        var key = await CommitAsync(Write(Key("k"), 0));
        var guarded = await CommitAsync(Write(Key("guarded"), 0));
        await CommitAsync(Write(Alias("a"), 0, owner: "k"), Write(Token("t"), 0, owner: "k"));
        var position = await PositionAsync(_one);

        var written = await CommitAsync(Write(Key("new"), 0), Guard(Key("guarded"), guarded), Guard(Key("none"), 0));
        var deleted = await CommitAsync(Write(Key("k"), key, null));

        await AssertChangedAsync(
            position,
            new(Key("new"), written), new(Key("k"), deleted), new(Alias("a"), deleted), new(Token("t"), deleted));
    }

    [Fact]
    public async Task PollAsync_SeveralTimesChanged_TellsTheLastETag()
    {
        var position = await PositionAsync(_one);
        var etag = 0L;
        for (var i = 0; i < 5; i++) etag = await CommitAsync(Write(Key("k"), etag));

        await AssertChangedAsync(position, new ChangedGrain(Key("k"), etag));
    }

    [Fact]
    public async Task PollAsync_Refused_TellsOfNothing()
    {
        var etag = await CommitAsync(Write(Key("k"), 0));
        var position = await PositionAsync(_one);

        await _two.CommitAsync(Commit(Write(Key("new"), 0), Write(Key("k"), etag + 100)), default);
        await _two.CommitAsync(Commit(Write(Key("new"), 0, limit: 1)), default);

        await AssertChangedAsync(position);
    }

    [Fact]
    public async Task PollAsync_OddNames_ComeBackAsTheyWere()
    {
        var position = await PositionAsync(_one);
        await CommitAsync([.. OddText.Select(odd => Write(Key(odd, $"of {odd}"), 0))]);

        var page = await _one.PollAsync(position, default);

        Assert.Equal(
            OddText.Select(odd => Key(odd, $"of {odd}")).Order(), page.Changed.Select(change => change.Id).Order());
    }

    // Numbers of transactions are drawn in one order, and seen in another.
    [Fact]
    public async Task PollAsync_EarlierTransactionCommitsLater_IsToldOfWhenItHas()
    {
        await using var early = await _schema.ConnectAsync();
        var position = await PositionAsync(_one);
        await PostgresSchema.RunAsync(early, "BEGIN; INSERT INTO changes VALUES (DEFAULT, 3, 'a', 'early', 7)");
        var late = await CommitAsync(Write(Key("late"), 0));

        var before = await _one.PollAsync(position, default);
        Assert.Equal([new ChangedGrain(Key("late"), late)], before.Changed);
        var between = await _one.PollAsync(before.Position, default);
        Assert.DoesNotContain(Key("early", "a"), between.Changed.Select(change => change.Id));
        await PostgresSchema.RunAsync(early, "COMMIT");

        var after = await _one.PollAsync(between.Position, default);
        Assert.Contains(new ChangedGrain(Key("early", "a"), 7), after.Changed);
        await AssertChangedAsync(after.Position);
    }

    [Fact]
    public async Task PollAsync_WhileMuchIsCommitted_MissesNothing()
    {
        var seen = new HashSet<ChangedGrain>();
        var done = new List<ChangedGrain>();
        var position = await PositionAsync(_one);
        var committing = Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            for (var j = 0; j < 40; j++)
            {
                var id = Key($"{i} {j}", $"{j % 3}");
                var result = await (i % 2 == 0 ? _one : _two).CommitAsync(Commit(Write(id, 0)), default);
                lock (done) done.Add(new ChangedGrain(id, result.ETag));
            }
        })));
        for (var more = true; more;)
        {
            more = !committing.IsCompleted;
            List<ChangedGrain> before;
            lock (done) before = [.. done];
            var page = await _one.PollAsync(position, default);
            seen.UnionWith(page.Changed);
            // All that was acknowledged before it was asked.
            Assert.True(seen.IsSupersetOf(before));
            position = page.Position;
        }

        await committing;
        Assert.Equal(480, seen.Count);
    }

    [Fact]
    public async Task PollAsync_ReadAt_IsBeforeWhatItMayMiss()
    {
        var page = await _one.PollAsync(null, default);
        var spread = await _two.SpreadAsync(null, s_minute, default);

        Assert.True(spread.At > page.Position.ReadAt);
        var later = await _one.PollAsync(page.Position, default);
        Assert.True(later.Position.ReadAt > spread.At);
    }

    [Fact]
    public async Task SpreadAsync_NodeHasNotHeeded_IsBehindUntilItTells()
    {
        await CommitAsync(Write(Key("k"), 0));
        Assert.Equal(0, (await _two.SpreadAsync(null, s_minute, default)).Behind);
        var first = await _one.PollAsync(null, default);
        var spread = await _two.SpreadAsync(null, s_minute, default);
        Assert.Equal(1, spread.Behind);

        // Read after it, and so not before the next poll heeded.
        var second = await _one.PollAsync(first.Position, default);
        Assert.Equal(new Spread(spread.At, 1), await _two.SpreadAsync(spread.At, s_minute, default));
        await _one.PollAsync(second.Position, default);

        Assert.Equal(new Spread(spread.At, 0), await _two.SpreadAsync(spread.At, s_minute, default));
        Assert.Equal(1, (await _two.SpreadAsync(null, s_minute, default)).Behind);
    }

    // As of a server that is slow to write its log.
    [Fact]
    public async Task PollAsync_CommitOfItsBeatTakesLong_HasAllThatNobodyWaitsForItWith()
    {
        var position = await PositionAsync(_one);
        await _one.LeaveAsync(default);
        await using var connection = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(connection, """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION slow()
            """);
        var polling = _one.PollAsync(position, default).AsTask();
        await Task.Delay(400);

        var etag = await CommitAsync(Write(Key("k"), 0));
        var spread = await _two.SpreadAsync(null, s_minute, default);

        var page = await polling;
        Assert.True(spread.Behind == 1 || page.Changed.Contains(new ChangedGrain(Key("k"), etag)));
    }

    [Fact]
    public async Task SpreadAsync_AsksOfOthersAlone()
    {
        await _one.PollAsync(null, default);
        await _two.PollAsync(null, default);

        Assert.Equal(1, (await _one.SpreadAsync(null, s_minute, default)).Behind);
        Assert.Equal(1, (await _two.SpreadAsync(null, s_minute, default)).Behind);
    }

    [Fact]
    public async Task SpreadAsync_LeaseOver_NodeIsNotCounted()
    {
        await _one.PollAsync(null, default);
        await Task.Delay(50);

        Assert.Equal(0, (await _two.SpreadAsync(null, TimeSpan.FromMilliseconds(20), default)).Behind);
        Assert.Equal(1, (await _two.SpreadAsync(null, s_minute, default)).Behind);
    }

    [Fact]
    public async Task LeaveAsync_Polled_IsNotCountedUntilItPollsAgain()
    {
        var page = await _one.PollAsync(null, default);
        await _one.LeaveAsync(default);
        Assert.Equal(0, (await _two.SpreadAsync(null, s_minute, default)).Behind);

        await _one.PollAsync(page.Position, default);
        Assert.Equal(1, (await _two.SpreadAsync(null, s_minute, default)).Behind);
    }

    [Fact]
    public async Task SpreadAsync_Always_IsLaterThanWhatWasAcknowledged()
    {
        var position = await PositionAsync(_one);
        await CommitAsync(Write(Key("k"), 0));
        var spread = await _two.SpreadAsync(null, s_minute, default);

        // Whoever is not behind has it.
        var page = await _one.PollAsync(position, default);
        Assert.NotEmpty(page.Changed);
        Assert.True(page.Position.ReadAt > spread.At);
    }

    // What a copy of the database brings into another server: numbers of transactions that are others there.
    [Fact]
    public async Task OpenAsync_CopyOfAnotherServer_ForgetsItsTransactions()
    {
        await CommitAsync(Write(Key("stays"), 0));
        await _schema.RunAsync("""
            INSERT INTO changes (xid, kind, account, name, etag) VALUES ('1000000000000', 3, 'a', 'goes', 1);
            UPDATE feed SET pruned_to = '1000000000000', mark = '2000000000000'
            """);
        await using var reopened = await _schema.OpenAsync();

        Assert.Equal(["stays"], await _schema.QueryAsync("SELECT name FROM changes"));
        var first = await reopened.PollAsync(null, default);
        var page = await reopened.PollAsync(first.Position, default);
        Assert.True(page.IsWhole);
        Assert.Empty(page.Changed);
    }

    [Fact]
    public async Task PruneAsync_KeptLongEnough_GoesAndOlderPositionsAreNotWhole()
    {
        var old = await PositionAsync(_one);
        await CommitAsync([.. Enumerable.Range(0, 25).Select(i => Write(Key($"{i}"), 0))]);
        // What there is now is marked, and goes when that has been long enough ago.
        await PruneAsync(TimeSpan.Zero);
        var newer = await PositionAsync(_one);
        Assert.Equal(["25"], await _schema.QueryAsync("SELECT count(*) FROM changes"));
        Assert.True((await _one.PollAsync(old, default)).IsWhole);
        await PruneAsync(s_minute);
        Assert.Equal(["25"], await _schema.QueryAsync("SELECT count(*) FROM changes"));
        await PruneAsync(TimeSpan.Zero);
        Assert.Equal(["0"], await _schema.QueryAsync("SELECT count(*) FROM changes"));

        Assert.False((await _two.PollAsync(old, default)).IsWhole);
        Assert.True((await _two.PollAsync(newer, default)).IsWhole);
        Assert.True((await _two.PollAsync(null, default)).IsWhole);
        var etag = await CommitAsync(Write(Key("next"), 0));
        await AssertChangedAsync(newer, new ChangedGrain(Key("next"), etag));
    }

    [Fact]
    public async Task PruneAsync_HalfDone_OlderPositionsAreNotWhole()
    {
        var old = await PositionAsync(_one);
        await CommitAsync([.. Enumerable.Range(0, 25).Select(i => Write(Key($"{i}"), 0))]);
        await PruneAsync(TimeSpan.Zero);

        Assert.Equal(["True"], await _schema.QueryAsync("SELECT prune('0', 10)"));
        Assert.Equal(["15"], await _schema.QueryAsync("SELECT count(*) FROM changes"));
        Assert.False((await _one.PollAsync(old, default)).IsWhole);
    }

    [Fact]
    public async Task PruneAsync_TransactionUnderWay_IsNotPrunedWhenItCommits()
    {
        await using var early = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(early, "BEGIN; INSERT INTO changes VALUES (DEFAULT, 3, 'a', 'early', 7)");
        await CommitAsync(Write(Key("late"), 0));
        var position = await PositionAsync(_one);
        for (var i = 0; i < 3; i++) await PruneAsync(TimeSpan.Zero);
        await PostgresSchema.RunAsync(early, "COMMIT");

        var page = await _one.PollAsync(position, default);

        Assert.True(page.IsWhole);
        Assert.Contains(new ChangedGrain(Key("early", "a"), 7), page.Changed);
    }

    [Fact]
    public async Task PruneAsync_AnotherIsAtIt_DoesNotWait()
    {
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT prune('0', 10)");

        await PruneAsync(TimeSpan.Zero).WaitAsync(Patience);
    }

    [Fact]
    public async Task PruneChangesAsync_Twice_RemovesWhatIsKeptLongEnough_AndNodesThatAreGone()
    {
        await using var store = await _schema.OpenAsync(options => options with { ChangesKept = TimeSpan.Zero });
        await CommitAsync(Write(Key("k"), 0));
        await _schema.RunAsync("INSERT INTO nodes VALUES (gen_random_uuid(), now() - interval '2 hours', now())");
        for (var polls = 0; polls < 10; polls++) await store.PollAsync(null, default);
        Assert.Equal(["1"], await _schema.QueryAsync("SELECT count(*) FROM changes"));

        // Once to mark and once to prune; a transaction of another test may be under way.
        for (var rounds = 0; await PrunableAsync(); rounds++)
        {
            Assert.InRange(rounds, 0, 200);
            Assert.False(await store.PruneChangesAsync(10, default));
            await Task.Delay(10);
        }

        async Task<bool> PrunableAsync() => (await _schema.QueryAsync(
            "SELECT 1 FROM changes UNION ALL SELECT 1 FROM nodes WHERE beat_at < now() - interval '1 hour'")).Count > 0;
    }

    // As after a failover to a server that did not have all: its numbers are lower.
    [Fact]
    public async Task PollAsync_PositionPastEveryTransaction_IsNotWhole()
    {
        var position = await PositionAsync(_one);

        var page = await _one.PollAsync(position with { Horizon = position.Horizon + 1_000_000_000 }, default);

        Assert.False(page.IsWhole);
        Assert.True((await _one.PollAsync(page.Position, default)).IsWhole);
    }

    [Fact]
    public async Task PollAsync_AllConnectionsAreTaken_Beats()
    {
        await using var store = await _schema.OpenAsync(options => options with { MostConnections = 2 });
        await CommitAsync(Write(Key("k"), 0));
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM grains FOR UPDATE");
        var stuck = Enumerable.Range(0, 10)
            .Select(_ => store.CommitAsync(Commit(Write(Key("k"), 1)), default).AsTask()).ToList();
        await _schema.WaitForLocksAsync(2);

        await store.PollAsync(null, default).AsTask().WaitAsync(Patience);
        await PostgresSchema.RunAsync(other, "ROLLBACK");
        await Task.WhenAll(stuck);
    }

    private async Task PruneAsync(TimeSpan kept)
    {
        while (await _one.Feed.PruneAsync(kept, 10, default))
        {
        }
    }

    private static async Task<FeedPosition> PositionAsync(PostgresGrainStore store) =>
        (await store.PollAsync(null, default)).Position;

    private async Task<long> CommitAsync(params GrainWrite[] writes)
    {
        var result = await _two.CommitAsync(Commit(writes), default);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result.ETag;
    }

    private async Task AssertChangedAsync(FeedPosition since, params ChangedGrain[] expected)
    {
        var page = await _one.PollAsync(since, default);
        Assert.True(page.IsWhole);
        Assert.Equal(expected.OrderBy(change => change.Id), page.Changed.OrderBy(change => change.Id));
    }
}
