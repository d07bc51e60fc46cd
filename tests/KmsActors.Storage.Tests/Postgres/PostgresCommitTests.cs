using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Testing.Postgres;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>Commits of several connections and nodes at the same grains.</summary>
public sealed class PostgresCommitTests : IAsyncLifetime
{
    private readonly PostgresSchema _schema = new();
    private PostgresGrainStore _one = null!;
    private PostgresGrainStore _two = null!;

    public async Task InitializeAsync() => (_one, _two) = (await _schema.OpenAsync(), await _schema.OpenAsync());

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    // Its rows are answered before the transaction ends, and that may fail yet.
    [Fact]
    public async Task CommitAsync_FailsAtItsVeryEnd_IsNotCommitted()
    {
        await _schema.RunAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION USING ERRCODE = '58030'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION refuse()
            """);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await CommitAsync(_one, Write(Key("k"), 0)));
        Assert.Null(await _one.LoadAsync(Key("k"), default));
    }

    [Fact]
    public async Task CommitAsync_ContradictsTheDatabase_IsTheCallersFault()
    {
        var etag = await MustAsync(_one, Write(Key("k"), 0));
        await _schema.RunAsync("UPDATE counts SET count = 0");

        await Assert.ThrowsAsync<InvariantException>(async () => await CommitAsync(_one, Write(Key("k"), etag, null)));
        Assert.NotNull(await _one.LoadAsync(Key("k"), default));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task CommitAsync_TakenBackForOthers_IsTriedAgain(string state)
    {
        // A sequence is not taken back.
        await _schema.RunAsync($"""
            CREATE SEQUENCE tries;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF nextval('tries') <= 3 THEN RAISE EXCEPTION USING ERRCODE = '{state}'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()
            """);

        await MustAsync(_one, Write(Key("k"), 0));
        Assert.Equal(["4"], await _schema.QueryAsync("SELECT last_value FROM tries"));
        await _schema.RunAsync("ALTER SEQUENCE tries MINVALUE -1000000 RESTART -1000000");
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await CommitAsync(_one, Write(Key("l"), 0)));
    }

    [Fact]
    public async Task CommitAsync_Refused_LeavesNoErrorAndNoRow()
    {
        var etag = await MustAsync(_one, Write(Key("k"), 0, limit: 1));
        var before = await _schema.QueryAsync("SELECT count(*) FROM changes");

        Assert.Equal(CommitResult.Conflict, await CommitAsync(_one, Write(Alias("a"), 0), Write(Key("k"), etag + 1)));
        Assert.Equal(CommitResult.LimitExceeded, await CommitAsync(_one, Write(Alias("a"), 0), Write(Key("l"), 0, limit: 1)));

        Assert.Equal(before, await _schema.QueryAsync("SELECT count(*) FROM changes"));
        Assert.Null(await _one.LoadAsync(Alias("a"), default));
        // The connection is as good as before.
        await MustAsync(_one, Write(Alias("a"), 0));
    }

    // Whoever knows a grain by an ETag takes a change with a lower one for one that it has.
    [Fact]
    public async Task CommitAsync_MadeAgainWhileItsDeletionIsUnderWay_HasTheGreaterETag()
    {
        await MustAsync(_one, Write(Key("k"), 0));
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; DELETE FROM grains");
        var making = CommitAsync(_one, Write(Key("k"), 0, existedBefore: true)).AsTask();
        await _schema.WaitForLocksAsync(1);
        var deleted = await PostgresSchema.QueryAsync(other, "SELECT nextval('etags')");
        await PostgresSchema.RunAsync(other, "COMMIT");

        Assert.True((await making).ETag > long.Parse(deleted[0]));
    }

    [Fact]
    public async Task CommitAsync_OwnedGrainIsWrittenWhileItsOwnerGoes_GoesWithTheGreaterETag()
    {
        var key = await MustAsync(_one, Write(Key("k"), 0));
        await MustAsync(_one, Write(Alias("a"), 0, owner: "k"));
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM grains WHERE kind = 4 FOR UPDATE");
        var deleting = CommitAsync(_one, Write(Key("k"), key, null)).AsTask();
        await _schema.WaitForLocksAsync(1);
        var written = await PostgresSchema.QueryAsync(
            other, "UPDATE grains SET etag = nextval('etags') WHERE kind = 4 RETURNING etag");
        await PostgresSchema.RunAsync(other, "COMMIT");

        var result = await deleting;
        Assert.Equal([Alias("a")], result.Cascaded);
        Assert.True(result.ETag > long.Parse(written[0]));
        Assert.Equal([$"{result.ETag}"], await _schema.QueryAsync("SELECT max(etag) FROM changes WHERE kind = 4"));
    }

    [Fact]
    public async Task CommitAsync_MadeWhileAnotherMakesIt_IsAConflict()
    {
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('123456789/k', 3::smallint))");
        var making = CommitAsync(_one, Write(Key("k"), 0)).AsTask();
        var insisting = CommitAsync(_two, Write(Alias("a"), 0), Guard(Key("k"), 0)).AsTask();
        await _schema.WaitForLocksAsync(2);
        await PostgresSchema.RunAsync(other, "INSERT INTO grains VALUES (3, '123456789', 'k', 99, true, NULL, '')");
        await PostgresSchema.RunAsync(other, "COMMIT");

        Assert.Equal(CommitStatus.Conflict, (await making).Status);
        Assert.Equal(CommitStatus.Conflict, (await insisting).Status);
        Assert.Null(await _one.LoadAsync(Alias("a"), default));
    }

    // Each insists that the other's is not there: one after the other they could not both succeed.
    [Fact]
    public async Task CommitAsync_TwoInsistOnEachOthersAbsence_OneSucceeds()
    {
        for (var round = 0; round < 60; round++)
        {
            var (left, right) = (Key($"left {round}"), Token($"right {round}"));
            var results = await Task.WhenAll(
                CommitAsync(_one, Write(left, 0), Guard(right, 0)).AsTask(),
                CommitAsync(_two, Write(right, 0), Guard(left, 0)).AsTask());

            Assert.Equal(
                [CommitStatus.Committed, CommitStatus.Conflict], results.Select(result => result.Status).Order());
        }
    }

    // The same with rows that are there.
    [Fact]
    public async Task CommitAsync_TwoInsistOnWhatTheOtherWrites_OneSucceeds()
    {
        for (var round = 0; round < 60; round++)
        {
            var (left, right) = (Key($"left {round}"), Token($"right {round}"));
            var etag = await MustAsync(_one, Write(left, 0), Write(right, 0));
            var results = await Task.WhenAll(
                CommitAsync(_one, Write(left, etag), Guard(right, etag)).AsTask(),
                CommitAsync(_two, Write(right, etag), Guard(left, etag)).AsTask());

            Assert.Equal(
                [CommitStatus.Committed, CommitStatus.Conflict], results.Select(result => result.Status).Order());
        }
    }

    [Fact]
    public async Task CommitAsync_SeveralInsistOnTheSameRow_DoNotWaitForEachOther()
    {
        var etag = await MustAsync(_one, Write(Key("k"), 0));
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM grains FOR SHARE");

        var result = await CommitAsync(_one, Write(Alias("a"), 0), Guard(Key("k"), etag)).AsTask()
            .WaitAsync(Patience);
        Assert.Equal(CommitStatus.Committed, result.Status);
    }

    [Fact]
    public async Task CommitAsync_ManyConnectionsOfTwoStores_CountsAreExact()
    {
        const int Limit = 20;
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            var (random, store) = (new Random(i), i % 2 == 0 ? _one : _two);
            for (var j = 0; j < 25; j++)
            {
                var id = Token($"{i}");
                var etag = (await store.LoadAsync(id, default))?.ETag ?? 0;
                var result = await CommitAsync(
                    store, Write(id, etag, etag != 0 && random.Next(3) > 0 ? null : "state", owner: $"k{i % 4}", limit: Limit));
                if (result.Status == CommitStatus.LimitExceeded) Interlocked.Increment(ref refused);
                else Assert.Equal(CommitStatus.Committed, result.Status);
                var counts = await store.CountsAsync(Account, default);
                Assert.InRange(counts.GetValueOrDefault(GrainKind.ImportToken), 0, Limit);
            }
        })));

        Assert.True(refused > 0);
        Assert.Equal(
            await _schema.QueryAsync("SELECT count(*) FROM grains"),
            await _schema.QueryAsync("SELECT count FROM counts"));
    }

    // Sets that overlap, named in any order, with owners that take others along: a deadlock would be one of the
    // server's, which counts them all: so it is one of this test's own.
    [Fact]
    public async Task CommitAsync_ManyOverlappingSets_NoDeadlock()
    {
        using var server = new PostgresCluster();
        var schema = new PostgresSchema(server);
        await using var one = await schema.OpenAsync();
        await using var two = await schema.OpenAsync();
        const string Deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        string[] accounts = ["x", "\uFFFD", "\U0001F511"];
        GrainId[] ids =
        [
            .. from account in accounts
               from i in Enumerable.Range(0, 3)
               from id in (GrainId[])[Key($"k{i}", account), Alias($"a{i}", account), Token($"t{i}", account)]
               select id,
        ];
        var before = await schema.QueryAsync(Deadlocks);
        var ended = new int[3];
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            var (random, store) = (new Random(i), i % 2 == 0 ? one : two);
            for (var j = 0; j < 80; j++)
            {
                GrainId[] shuffled = [.. ids];
                random.Shuffle(shuffled);
                List<GrainWrite> writes = [];
                foreach (var id in shuffled.Take(random.Next(2, 6)))
                {
                    var etag = (await store.LoadAsync(id, default))?.ETag ?? 0;
                    writes.Add(random.Next(4) == 0 ? Guard(id, etag) : Write(
                        id, etag, random.Next(3) == 0 ? null : "state", owner: id.Kind == GrainKind.Cmk ? null : $"k{random.Next(3)}",
                        reminders: (Reminder.DeleteKey, Start)));
                }

                var result = await store.CommitAsync(Commit([.. writes]), default);
                Interlocked.Increment(ref ended[(int)result.Status]);
                if (random.Next(4) == 0) await store.DueRemindersAsync(Start, 5, default);
            }
        })));

        Assert.True(ended[(int)CommitStatus.Committed] > 100, $"{ended[0]} committed");
        Assert.True(ended[(int)CommitStatus.Conflict] > 20, $"{ended[1]} conflicts");
        // Told to the one who counts with a delay.
        await Task.Delay(1200);
        Assert.Equal(before, await schema.QueryAsync(Deadlocks));
        Assert.Equal(
            await schema.QueryAsync("SELECT account, kind, count(*) FROM grains GROUP BY 1, 2 ORDER BY 1, 2"),
            await schema.QueryAsync("SELECT account, kind, count FROM counts WHERE count > 0 ORDER BY 1, 2"));
    }

    [Fact]
    public async Task CommitAsync_StateOfAnyBytes_ComesBackAsItWas()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 % 256)).ToArray();
        var write = Write(Key("k"), 0);
        await MustAsync(_one, write with { Change = write.Change! with { State = bytes } });

        Assert.Equal(bytes, (await _two.LoadAsync(Key("k"), default))!.State);
    }

    [Fact]
    public async Task CommitAsync_KeyUnchangedBesideItsState_WritesNoRowOfItsTagsNorAnIndex()
    {
        var tagged = Listed() with { Tags = Tags([.. OddText.Select(odd => (odd, odd))]) };
        var etag = await MustAsync(_one, Write(Key("k"), 0, listing: tagged));
        var before = await _schema.QueryAsync("SELECT ctid, xmin FROM tags ORDER BY 1");
        var keys = await _schema.QueryAsync("SELECT ctid FROM keys");

        etag = await MustAsync(_one, Write(Key("k"), etag, "other", listing: tagged));
        Assert.Equal(keys, await _schema.QueryAsync("SELECT ctid FROM keys"));
        await MustAsync(_one, Write(Key("k"), etag, listing: tagged with { KeyState = KeyState.Disabled }));

        Assert.Equal(before, await _schema.QueryAsync("SELECT ctid, xmin FROM tags ORDER BY 1"));
        Assert.Equal(OddText.Length, (await _one.TagsAsync(Account, ProjectSet.All, 1000, default)).Count);
    }

    [Fact]
    public async Task CommitAsync_HalfASurrogatePair_IsTheCallersFault()
    {
        await Assert.ThrowsAsync<InvariantException>(async () => await CommitAsync(_one, Write(Key("a\uD83D"), 0)));
        await Assert.ThrowsAsync<InvariantException>(async () => await CommitAsync(_one, Write(Key("\uDD11\uD83Da"), 0)));
        await MustAsync(_one, Write(Key("\U0001F511"), 0));
    }

    private static ValueTask<CommitResult> CommitAsync(PostgresGrainStore store, params GrainWrite[] writes) =>
        store.CommitAsync(Commit(writes), default);

    private static async Task<long> MustAsync(PostgresGrainStore store, params GrainWrite[] writes)
    {
        var result = await CommitAsync(store, writes);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result.ETag;
    }
}
