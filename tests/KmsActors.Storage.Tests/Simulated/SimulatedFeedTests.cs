using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Simulator;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>What nodes learn of each other and of each other's commits, as PostgresFeedTests says it.</summary>
public sealed class SimulatedFeedTests
{
    private const int One = 1;
    private const int Two = 2;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private SimulatedDatabase _database = new();

    private DateTimeOffset _now = Start;

    [Fact]
    public void Poll_First_TellsOfNoChanges()
    {
        Must(Write(Key("k"), 0));

        var page = Poll(null);

        Assert.Empty(page.Changed);
        Assert.True(page.IsWhole);
    }

    [Fact]
    public void Poll_Later_TellsOfWhatWasWrittenDeletedAndCascadedSince()
    {
        var key = Must(Write(Key("k"), 0));
        var guarded = Must(Write(Key("guarded"), 0));
        Must(Write(Alias("a"), 0, owner: "k"), Write(Token("t"), 0, owner: "k"));
        var position = Poll(null).Position;

        var written = Must(Write(Key("new"), 0), Guard(Key("guarded"), guarded), Guard(Key("none"), 0));
        var deleted = Must(Write(Key("k"), key, null));

        AssertChanged(
            Poll(position),
            new(Key("new"), written), new(Key("k"), deleted), new(Alias("a"), deleted), new(Token("t"), deleted));
    }

    [Fact]
    public void Poll_SeveralTimesChanged_TellsTheGreatestETag()
    {
        var position = Poll(null).Position;
        var etag = 0L;
        for (var i = 0; i < 5; i++) etag = Must(Write(Key("k"), etag));
        // By a transaction with the least number of all.
        var early = _database.Begin();
        etag = Must(Write(Key("k"), etag, null));
        var again = Commit(early, Write(Key("k"), 0)).ETag;

        Assert.True(again > etag);
        AssertChanged(Poll(position), new ChangedGrain(Key("k"), again));
    }

    [Fact]
    public void Poll_RefusedOrAborted_TellsOfNothing()
    {
        var etag = Must(Write(Key("k"), 0));
        var position = Poll(null).Position;

        Assert.Equal(CommitResult.Conflict, Commit(Write(Key("new"), 0), Write(Key("k"), etag + 100)));
        Assert.Equal(CommitResult.LimitExceeded, Commit(Write(Key("new"), 0, limit: 1)));
        Assert.Throws<InvariantException>(() => Commit(Write(Key("k"), etag), Write(Key("k"), etag)));
        _database.Abort(_database.Begin());

        var page = Poll(position);
        AssertChanged(page);
        // None of them is under way any more.
        Assert.Equal(position.Horizon + 4, page.Position.Horizon);
    }

    // Numbers of transactions are drawn in one order, and seen in another.
    [Fact]
    public void Poll_EarlierTransactionCommitsLater_IsToldOfWhenItHas()
    {
        var position = Poll(null).Position;
        var early = _database.Begin();
        var late = Must(Write(Key("late"), 0));

        var before = Poll(position);
        AssertChanged(before, new ChangedGrain(Key("late"), late));
        var between = Poll(before.Position);
        AssertChanged(between, new ChangedGrain(Key("late"), late));
        var etag = Commit(early, Write(Key("early"), 0)).ETag;

        var after = Poll(between.Position);
        AssertChanged(after, new(Key("early"), etag), new(Key("late"), late));
        AssertChanged(Poll(after.Position));
    }

    [Fact]
    public void Poll_OneOfManyUnderWay_HoldsTheHorizonUntilItIsOver()
    {
        var transactions = Enumerable.Range(0, 5).Select(_ => _database.Begin()).ToList();
        foreach (var i in (int[])[3, 1, 4]) Commit(transactions[i], Write(Key($"{i}"), 0));

        Assert.Equal(transactions[0].Number, Poll(null).Position.Horizon);
        _database.Abort(transactions[0]);
        Assert.Equal(transactions[2].Number, Poll(null).Position.Horizon);
        // It has ended, whether before the horizon or after.
        Assert.Throws<InvariantException>(() => _database.Abort(transactions[0]));
        Assert.Throws<InvariantException>(() => _database.Abort(transactions[3]));
        Commit(transactions[2], Write(Key("2"), 0));
        Assert.Equal(transactions[4].Number + 1, Poll(null).Position.Horizon);
    }

    [Fact]
    public void Poll_AnyOrderOfBeginningsAndEnds_MissesNothing()
    {
        var random = new Random(7);
        List<Transaction> underWay = [];
        HashSet<ChangedGrain> seen = [];
        List<ChangedGrain> done = [];
        var position = Poll(null).Position;
        for (var i = 0; i < 5000; i++)
        {
            _now += TimeSpan.FromSeconds(random.Next(3));
            if (underWay.Count < 6) underWay.Add(_database.Begin());
            var which = random.Next(underWay.Count);
            if (random.Next(3) == 0)
            {
                var id = Key($"{i}");
                done.Add(new ChangedGrain(id, Commit(underWay[which], Write(id, 0)).ETag));
                underWay.RemoveAt(which);
            }
            else if (random.Next(5) == 0)
            {
                _database.Abort(underWay[which]);
                underWay.RemoveAt(which);
            }

            if (random.Next(4) > 0) continue;
            var page = Poll(position);
            Assert.True(page.IsWhole);
            seen.UnionWith(page.Changed);
            Assert.True(seen.IsSupersetOf(done));
            position = page.Position;
        }
    }

    [Fact]
    public void Poll_ReadNotByHorizon_MissesWhatCommitsLate()
    {
        _database = new(DatabaseRules.All with { ReadsByHorizon = false });
        var position = Poll(null).Position;
        var early = _database.Begin();
        Must(Write(Key("late"), 0));
        var page = Poll(position);
        Commit(early, Write(Key("early"), 0));

        AssertChanged(Poll(page.Position));
    }

    // The beat is there for others to see before it is read what there is.
    [Fact]
    public void Poll_CommittedBetweenBeatAndReading_IsInIt()
    {
        var position = Poll(null).Position;
        _database.Feed.Beat(One, position, _now);
        var etag = Must(Write(Key("k"), 0));
        Assert.Equal(1, _database.Feed.Spread(Two, null, s_minute, _now).Behind);

        AssertChanged(_database.Feed.Read(position, _now), new ChangedGrain(Key("k"), etag));
    }

    [Fact]
    public void Spread_NodeHasNotHeeded_IsBehindUntilItTells()
    {
        Assert.Equal(new Spread(_now, 0), Spread(Two));
        var first = Poll(null);
        var spread = Spread(Two);
        Assert.Equal(new Spread(_now, 1), spread);

        // Read at the time asked about, and so perhaps before.
        var second = Poll(first.Position);
        Assert.Equal(spread, Spread(Two, spread.At));
        Later(1);
        var third = Poll(second.Position);
        Assert.Equal(spread, Spread(Two, spread.At));
        Poll(third.Position);

        Assert.Equal(new Spread(spread.At, 0), Spread(Two, spread.At));
        Assert.Equal(1, Spread(Two).Behind);
    }

    [Fact]
    public void Spread_CountsOthersWithinTheirLeaseThatHaveNotLeft()
    {
        Poll(null);
        var page = Poll(null, Two);
        Assert.Equal(1, Spread(One).Behind);
        Assert.Equal(1, Spread(Two).Behind);
        Assert.Equal(2, Spread(3).Behind);

        Later(60);
        Assert.Equal(2, Spread(3).Behind);
        Later(1);
        Assert.Equal(0, Spread(3).Behind);
        Poll(page.Position, Two);
        Assert.Equal(1, Spread(3).Behind);
        _database.Feed.Leave(Two);
        Assert.Equal(0, Spread(3).Behind);
        Poll(page.Position, Two);
        Assert.Equal(1, Spread(3).Behind);
    }

    [Fact]
    public void Prune_OldAndHeededByAll_Goes()
    {
        var old = Poll(null).Position;
        var etag = Must(Write(Key("k"), 0));
        var newer = Poll(old, Two).Position;
        // One of them has not heeded it.
        AfterPruning(() => Poll(newer, Two));
        var page = Poll(old);
        Assert.True(page.IsWhole);
        Assert.Contains(new ChangedGrain(Key("k"), etag), page.Changed);

        AfterPruning(() =>
        {
            Poll(page.Position);
            Poll(page.Position, Two);
        });

        Assert.False(_database.Feed.Read(old, _now).IsWhole);
        Assert.True(_database.Feed.Read(page.Position, _now).IsWhole);
        Assert.True(_database.Feed.Read(null, _now).IsWhole);
    }

    [Fact]
    public void Prune_NotOldEnough_IsKept()
    {
        var old = Poll(null).Position;
        _database.Feed.Leave(One);
        Must(Write(Key("k"), 0));
        for (var i = 0; i < 4; i++)
        {
            Later(74);
            Must(Write(Token($"{_now}"), 0));
        }

        Assert.True(_database.Feed.Read(old, _now).IsWhole);
    }

    [Fact]
    public void Prune_NodeSilentForADay_IsNotWaitedFor()
    {
        var old = Poll(null).Position;
        Must(Write(Key("k"), 0));
        AfterPruning();
        Assert.True(_database.Feed.Read(old, _now).IsWhole);
        Later(24 * 3600);
        AfterPruning();

        Assert.False(_database.Feed.Read(old, _now).IsWhole);
    }

    [Fact]
    public void Prune_TransactionUnderWay_IsNotPrunedWhenItCommits()
    {
        var position = Poll(null).Position;
        _database.Feed.Leave(One);
        var early = _database.Begin();
        AfterPruning();
        _database.Feed.ForgetChanges();
        var etag = Commit(early, Write(Key("early"), 0)).ETag;

        var page = Poll(position);
        Assert.True(page.IsWhole);
        Assert.Contains(new ChangedGrain(Key("early"), etag), page.Changed);
    }

    [Fact]
    public void ForgetChanges_Always_NoPositionBeforeIsWhole()
    {
        var old = Poll(null).Position;
        Must(Write(Key("k"), 0));
        var newer = Poll(null).Position;
        _database.Feed.ForgetChanges();

        Assert.False(Poll(old).IsWhole);
        var page = Poll(newer);
        Assert.False(page.IsWhole);
        var etag = Must(Write(Key("l"), 0));
        page = Poll(page.Position);
        Assert.True(page.IsWhole);
        AssertChanged(page, new ChangedGrain(Key("l"), etag));
    }

    [Fact]
    public void Poll_PositionPastEveryTransaction_IsNotWhole()
    {
        var position = Poll(null).Position;

        Assert.False(Poll(position with { Horizon = position.Horizon + 1 }).IsWhole);
        Assert.True(Poll(position).IsWhole);
    }

    private void Later(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    private FeedPage Poll(FeedPosition? applied, int node = One)
    {
        _database.Feed.Beat(node, applied, _now);
        return _database.Feed.Read(applied, _now);
    }

    private Spread Spread(int node, DateTimeOffset? since = null) =>
        _database.Feed.Spread(node, since, s_minute, _now);

    private CommitResult Commit(params GrainWrite[] writes) => Commit(_database.Begin(), writes);

    private CommitResult Commit(Transaction transaction, params GrainWrite[] writes) =>
        _database.Commit(transaction, Make.Commit(writes), _now);

    private long Must(params GrainWrite[] writes)
    {
        var result = Commit(writes);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result.ETag;
    }

    // Twice as long as changes are kept: once to mark what there is, once to prune it.
    private void AfterPruning(Action? each = null)
    {
        for (var i = 0; i < 3; i++)
        {
            Later(301);
            each?.Invoke();
            Must(Write(Token($"{_now}"), 0));
        }
    }

    private static void AssertChanged(FeedPage page, params ChangedGrain[] expected)
    {
        Assert.True(page.IsWhole);
        Assert.Equal(expected.OrderBy(change => change.Id), page.Changed.OrderBy(change => change.Id));
    }
}
