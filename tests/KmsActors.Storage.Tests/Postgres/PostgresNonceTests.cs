using System.Globalization;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using KmsActors.Testing.Postgres;
using Npgsql;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>What nodes see to it by that a request is served once.</summary>
public sealed class PostgresNonceTests : IAsyncLifetime
{
    private readonly PostgresSchema _schema = new();
    private PostgresGrainStore _one = null!;
    private PostgresGrainStore _two = null!;

    // By the server's clock, which is this machine's.
    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddMinutes(15);

    public async Task InitializeAsync() => (_one, _two) = (await _schema.OpenAsync(), await _schema.OpenAsync());

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task SpendAsync_TheSame_IsForTheFirstOfAnyNode()
    {
        var (nonce, until) = (Guid.NewGuid(), Later);

        Assert.True(await _one.SpendAsync(nonce, until, default));
        Assert.False(await _one.SpendAsync(nonce, until, default));
        Assert.False(await _two.SpendAsync(nonce, until, default));
    }

    [Fact]
    public async Task SpendAsync_AnotherNonceOrTime_IsAnother()
    {
        var (nonce, until) = (Guid.NewGuid(), Later);
        Assert.True(await _one.SpendAsync(nonce, until, default));

        Assert.True(await _two.SpendAsync(Guid.NewGuid(), until, default));
        Assert.True(await _two.SpendAsync(nonce, until.AddSeconds(1), default));
    }

    [Fact]
    public async Task SpendAsync_ManyAtOnce_IsForOneOfThem()
    {
        for (var round = 0; round < 20; round++)
        {
            var (nonce, until) = (Guid.NewGuid(), Later);
            var answers = await Task.WhenAll(Enumerable.Range(0, 24)
                .Select(i => Task.Run(() => (i % 2 == 0 ? _one : _two).SpendAsync(nonce, until, default).AsTask())));
            Assert.Single(answers, isFirst => isFirst);
        }
    }

    // Another is at it and has not committed yet: nobody can say before he has.
    [Theory]
    [InlineData("COMMIT", false)]
    [InlineData("ROLLBACK", true)]
    public async Task SpendAsync_AnotherIsAtIt_WaitsForWhatBecomesOfThat(string end, bool isFirst)
    {
        var (nonce, until) = (Guid.NewGuid(), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, $"BEGIN; INSERT INTO nonces VALUES ('2099-01-01Z', '{nonce}')");

        var spending = _one.SpendAsync(nonce, until, default).AsTask();
        await _schema.WaitForLocksAsync(1);
        await PostgresSchema.RunAsync(other, end);

        Assert.Equal(isFirst, await spending);
    }

    // It may have been there, and be removed by now.
    [Fact]
    public async Task SpendAsync_TimeOver_IsForNobody()
    {
        Assert.False(await _one.SpendAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow().AddSeconds(-1), default));
        Assert.Equal(["0"], await CountAsync());
    }

    [Fact]
    public async Task SpendAsync_AnswerLost_IsUnknownAndNotAskedAgain()
    {
        await using var proxy = new PostgresProxy(PostgresCluster.Shared);
        await using var store = await _schema.OpenAsync(
            options => options with { ConnectionString = proxy.ConnectionString(options.ConnectionString) });
        await store.LoadAsync(Key("k"), default);
        var asked = proxy.Asked;
        proxy.Next = PostgresProxy.Cut.BeforeItsAnswer;

        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.SpendAsync(Guid.NewGuid(), Later, default));

        Assert.Equal(asked + 1, proxy.Asked);
        Assert.Equal(["1"], await CountAsync());
    }

    [Fact]
    public async Task SpendAsync_StoreClosed_IsUnavailable()
    {
        await _two.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await _two.SpendAsync(Guid.NewGuid(), Later, default));
    }

    // What comes next on the same connection is a commit that has to be on disk.
    [Fact]
    public async Task Spend_DoesNotWaitForTheLog_AndWhatComesAfterItDoes()
    {
        await using var connection = new NpgsqlConnection(Server.Settings(_schema.Options, 1));
        await connection.OpenAsync();
        await PostgresSchema.RunAsync(connection, """
            CREATE TABLE seen (how text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER see AFTER INSERT ON nonces DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION see()
            """);
        await using (var spend = new NpgsqlCommand(NonceLedger.Spend, connection))
        {
            spend.Parameters.Add(Arg.Time(Later));
            spend.Parameters.Add(Arg.Uuid(Guid.NewGuid()));
            Assert.Equal(true, await spend.ExecuteScalarAsync());
        }

        // At the end of its transaction, and after that.
        Assert.Equal(
            ["off|on"], await PostgresSchema.QueryAsync(connection, "SELECT how, current_setting('synchronous_commit') FROM seen"));
    }

    [Fact]
    public async Task Nonce_OfAChangeThatIsOnDisk_OutlivesACrash()
    {
        using var cluster = new PostgresCluster();
        await using var store = await new PostgresSchema(cluster).OpenAsync();
        var (nonce, until) = (Guid.NewGuid(), Later);
        Assert.True(await store.SpendAsync(nonce, until, default));
        await store.CommitAsync(Commit(Write(Key("k"), 0)), default);

        cluster.StopServer(crash: true);
        cluster.StartServer();

        Assert.NotNull(await store.LoadAsync(Key("k"), default));
        Assert.False(await store.SpendAsync(nonce, until, default));
    }

    [Fact]
    public async Task PruneAsync_RemovesWhatIsOverForLongerThanAStatementTakes()
    {
        await FillAsync("-61 seconds", 25);
        await FillAsync("-30 seconds", 3);
        await FillAsync("1 second", 4);
        await using var server = new Server(_schema.Options, 1);

        List<long> removed = [];
        for (var i = 0; i < 4; i++) removed.Add(await NonceLedger.PruneAsync(server, 10, default));

        Assert.Equal([10, 10, 5, 0], removed);
        Assert.Equal(["7"], await CountAsync());
    }

    [Fact]
    public async Task PruneAsync_AnotherIsAtSomeOfIt_RemovesTheOthers()
    {
        await FillAsync("-2 minutes", 8);
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; DELETE FROM nonces WHERE ctid IN (SELECT ctid FROM nonces LIMIT 3)");
        await using var server = new Server(_schema.Options, 1);

        await NonceLedger.PruneAsync(server, 100, default).AsTask().WaitAsync(Patience);

        Assert.Equal(["3"], await CountAsync());
    }

    private Task<IReadOnlyList<string>> CountAsync() => _schema.QueryAsync("SELECT count(*) FROM nonces");

    private Task FillAsync(string after, int count) => _schema.RunAsync(string.Create(CultureInfo.InvariantCulture,
        $"INSERT INTO nonces SELECT now() + interval '{after}', gen_random_uuid() FROM generate_series(1, {count})"));
}
