using KmsActors.Storage.Sqlite;
using static KmsActors.Grains.Hosting.Tests.HostFixture;

namespace KmsActors.Grains.Hosting.Tests;

public sealed class ReminderPumpTests : IAsyncDisposable
{
    [Fact]
    public async Task RunDue_OfAReminderWithAnOperation_RunsThatInPlaceOfTheGrain()
    {
        var (store, host) = await OpenAsync();
        var key = await _fixture.CreateKeyAsync(host, rotation: Week);
        var pump = _fixture.Pump(host, store, (Reminder.RotateKey, async (id, _) =>
        {
            await CmkTurn(host, id, cmk => cmk.Rotate(new NewKeyVersion("second", [4])));
            return true;
        }));
        _fixture.Time.Advance(Week - TimeSpan.FromTicks(1));
        Assert.Equal(0, await pump.RunDueAsync(CancellationToken.None));
        _fixture.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(1, await pump.RunDueAsync(CancellationToken.None));

        Assert.Equal("second", (await StateAsync<CmkState>(host, key))!.Primary.Id);
        Assert.Equal(0, await pump.RunDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task RunDue_OfAnOperationThatFails_RunsTheOthersAndTriesItAgain()
    {
        var (store, host) = await OpenAsync();
        var rotating = await _fixture.CreateKeyAsync(host, rotation: Week);
        var deleted = await ScheduledAsync(host);
        var answers = new Queue<Func<bool>>(
            [() => throw new InvalidOperationException("the appliance is away"), () => false, () => true]);
        var pump = _fixture.Pump(host, store, (Reminder.RotateKey, (_, _) => ValueTask.FromResult(answers.Dequeue()())));
        _fixture.Time.Advance(Week);

        Assert.Equal(1, await pump.RunDueAsync(CancellationToken.None));
        Assert.NotNull((await StateAsync<CmkState>(host, deleted))!.DeletedAt);
        Assert.Equal(0, await pump.RunDueAsync(CancellationToken.None));
        Assert.Equal(1, await pump.RunDueAsync(CancellationToken.None));
        Assert.Equal(rotating, Assert.Single(
            await store.DueRemindersAsync(_fixture.Time.GetUtcNow(), 10, CancellationToken.None)).Id);
    }

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private readonly HostFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task RunDue_OneTickEarly_DoesNothing()
    {
        var (store, host) = await OpenAsync();
        var key = await ScheduledAsync(host);
        _fixture.Time.Advance(Week - TimeSpan.FromTicks(1));
        Assert.Equal(0, await _fixture.Pump(host, store).RunDueAsync(CancellationToken.None));
        Assert.Null((await StateAsync<CmkState>(host, key))!.DeletedAt);
    }

    [Fact]
    public async Task RunDue_AtTheDeletionDate_DeletesKeyRowAndAliasesInOneCommit()
    {
        var (store, host) = await OpenAsync();
        var key = await _fixture.CreateKeyAsync(host);
        var other = await _fixture.CreateKeyAsync(host);
        await CreateAliasAsync(host, "mine", key);
        await CreateAliasAsync(host, "another's", other);
        await CmkTurn(host, key, cmk => cmk.ScheduleDeletion(Week));
        _fixture.Time.Advance(Week);

        Assert.Equal(1, await _fixture.Pump(host, store).RunDueAsync(CancellationToken.None));

        Assert.NotNull((await StateAsync<CmkState>(host, key))!.DeletedAt);
        Assert.Null(await StateAsync<AliasState>(host, GrainId.OfAlias(Account, "mine")));
        Assert.NotNull(await StateAsync<AliasState>(host, GrainId.OfAlias(Account, "another's")));
        Assert.Equal([other.Name], (await store.KeysAsync(Account, KeyFilter.None, 0, 10, CancellationToken.None)).Items);
        var aliases = await store.AliasesAsync(Account, 0, 10, CancellationToken.None);
        Assert.Equal("another's", Assert.Single(aliases.Items).Alias);
        Assert.Equal(1, aliases.TotalCount);
        Assert.Empty(await store.DueRemindersAsync(_fixture.Time.GetUtcNow(), 10, CancellationToken.None));
        Assert.Null((await CreateAliasAsync(host, "mine", other)).Refusal);
    }

    [Fact]
    public async Task RunDue_AfterTheDeletionWasCancelled_DoesNothing()
    {
        var (store, host) = await OpenAsync();
        var key = await ScheduledAsync(host);
        await CmkTurn(host, key, cmk => cmk.CancelDeletion(KeyState.Enabled));
        _fixture.Time.Advance(Week);
        Assert.Equal(0, await _fixture.Pump(host, store).RunDueAsync(CancellationToken.None));
        Assert.Equal(KeyState.Enabled, (await StateAsync<CmkState>(host, key))!.KeyState);
    }

    [Fact]
    public async Task RunDue_WhenItsCommitsAnswerWasLost_IsDoneOnce()
    {
        var store = await _fixture.OpenStoreAsync();
        var faulty = new FaultyStore(store);
        var host = _fixture.Host(faulty);
        var key = await ScheduledAsync(host);
        _fixture.Time.Advance(Week);
        faulty.Reset();
        (faulty.FailingCall, faulty.LosesAnswer) = (2, true);
        Assert.Equal(0, await _fixture.Pump(host, faulty).RunDueAsync(CancellationToken.None));
        Assert.Equal(0, await _fixture.Pump(host, faulty).RunDueAsync(CancellationToken.None));
        Assert.Equal(_fixture.Time.GetUtcNow(), (await StateAsync<CmkState>(host, key))!.DeletedAt);
    }

    [Fact]
    public async Task Run_OverManyMoreThanABatch_DeletesThemAll()
    {
        var (store, host) = await OpenAsync();
        for (var i = 0; i < 600; i++) await ScheduledAsync(host);
        using var stop = new CancellationTokenSource();
        var running = _fixture.Pump(host, store).RunAsync(stop.Token);
        _fixture.Time.Advance(Week + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 500 && await LeftAsync(store) > 0; i++)
        {
            await Task.Delay(10);
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, await LeftAsync(store));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task RunDue_AfterARestart_CatchesUp()
    {
        var (_, host) = await OpenAsync();
        var key = await ScheduledAsync(host);
        _fixture.Time.Advance(Week * 10);
        var (store, restarted) = await OpenAsync();
        Assert.Equal(1, await _fixture.Pump(restarted, store).RunDueAsync(CancellationToken.None));
        Assert.NotNull((await StateAsync<CmkState>(restarted, key))!.DeletedAt);
    }

    [Fact]
    public async Task RunDue_WithAGrainAtFaultAmongOthers_RunsTheOthers()
    {
        var (store, host) = await OpenAsync();
        var keys = new List<GrainId>();
        for (var i = 0; i < 5; i++) keys.Add(await ScheduledAsync(host));
        var damaged = (await store.LoadAsync(keys[2], CancellationToken.None))!;
        await store.CommitAsync(
            new GrainCommit(
                [new GrainWrite(keys[2], damaged.ETag) { Change = Damage }],
                new AuditRecord(_fixture.Time.GetUtcNow(), keys[2], "", "", [])),
            CancellationToken.None);
        _fixture.Time.Advance(Week);
        using var restarted = _fixture.Host(store);

        Assert.Equal(4, await _fixture.Pump(restarted, store).RunDueAsync(CancellationToken.None));

        keys.RemoveAt(2);
        foreach (var key in keys) Assert.NotNull((await StateAsync<CmkState>(restarted, key))!.DeletedAt);
        Assert.Single(await store.DueRemindersAsync(_fixture.Time.GetUtcNow(), 10, CancellationToken.None));
    }

    private static GrainChange Damage => new()
    {
        State = [1, 2, 3],
        ExistedBefore = true,
        ExistsNow = true,
        CountLimit = long.MaxValue,
        Listing = new KeyListing(
            default, KeyState.PendingDeletion, KeySpec.Aes256, KeyUsage.EncryptDecrypt, ProtectionLevel.Software),
        OwnerKeyId = null,
        Reminders = new Dictionary<Reminder, DateTimeOffset?>(),
    };

    private static async Task<long> LeftAsync(SqliteGrainStore store) =>
        (await store.KeysAsync(Account, KeyFilter.None, 0, 1, CancellationToken.None)).TotalCount;

    private async Task<(SqliteGrainStore Store, GrainHost Host)> OpenAsync()
    {
        var store = await _fixture.OpenStoreAsync();
        return (store, _fixture.Host(store));
    }

    private async Task<GrainId> ScheduledAsync(GrainHost host)
    {
        var key = await _fixture.CreateKeyAsync(host);
        await CmkTurn(host, key, cmk => cmk.ScheduleDeletion(Week));
        return key;
    }
}
