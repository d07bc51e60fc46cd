using static KmsActors.Grains.Hosting.Tests.HostFixture;

namespace KmsActors.Grains.Hosting.Tests;

public sealed class GrainHostTests : IAsyncDisposable
{
    private readonly HostFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task InTurn_Refused_LeavesStateAndStoreAsTheyWere()
    {
        var store = await _fixture.OpenStoreAsync();
        var host = _fixture.Host(store);
        var key = await _fixture.CreateKeyAsync(host);
        var before = await store.LoadAsync(key, CancellationToken.None);

        var outcome = await CmkTurn(host, key, cmk =>
        {
            cmk.Disable();
            return new Refusal(RefusalCode.KeyDisabled);
        });

        Assert.Equal(RefusalCode.KeyDisabled, outcome.Refusal?.Code);
        Assert.Equal(KeyState.Enabled, (await StateAsync<CmkState>(host, key))!.KeyState);
        Assert.Equal(before!.ETag, (await store.LoadAsync(key, CancellationToken.None))!.ETag);
    }

    [Fact]
    public async Task InTurn_ThatChangesNothing_CommitsNothing()
    {
        var store = await _fixture.OpenStoreAsync();
        var faulty = new FaultyStore(store);
        var host = _fixture.Host(faulty);
        var key = await _fixture.CreateKeyAsync(host);
        faulty.Reset();
        await CmkTurn(host, key, cmk => cmk.Enable());
        Assert.Equal(0, faulty.Calls);
    }

    [Fact]
    public async Task InTurn_ThatThrows_LeavesTheGrainUsable()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var key = await _fixture.CreateKeyAsync(host);
        await Assert.ThrowsAsync<InvariantException>(async () =>
            await CmkTurn(host, key, cmk => throw new InvariantException()));
        Assert.Null((await CmkTurn(host, key, cmk => cmk.Disable())).Refusal);
    }

    [Fact]
    public async Task InTurn_ManyAtOnceOnOneGrain_RunOneAfterTheOther()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var key = await _fixture.CreateKeyAsync(host);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await Append(host, key))));
        Assert.Equal(200, (await StateAsync<CmkState>(host, key))!.Description.Length);
    }

    [Fact]
    public async Task InTurn_OfTwoNodes_LosesNoUpdate()
    {
        var one = _fixture.Host(await _fixture.OpenStoreAsync(), new GrainHostOptions { MostAttempts = 1000 });
        var two = _fixture.Host(await _fixture.OpenStoreAsync(), new GrainHostOptions { MostAttempts = 1000 });
        var key = await _fixture.CreateKeyAsync(one);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(async () => await Append(i % 2 == 0 ? one : two, key))));

        // Whoever was slower holds an old snapshot; a turn of its own shows it the truth.
        await Append(one, key);
        Assert.Equal(101, (await StateAsync<CmkState>(one, key))!.Description.Length);
    }

    [Fact]
    public async Task InTurn_OverTwoGrainsInEitherOrder_DoesNotDeadlock()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var a = await _fixture.CreateKeyAsync(host);
        var b = await _fixture.CreateKeyAsync(host);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            var (first, second) = i % 2 == 0 ? (a, b) : (b, a);
            await host.InTurn<CmkGrain, CmkGrain, Done>(
                first,
                second,
                Turn,
                (x, y) =>
                {
                    x.UpdateDescription(x.State.Description + "x");
                    return y.UpdateDescription(y.State.Description + "x");
                },
                CancellationToken.None);
        }))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(100, (await StateAsync<CmkState>(host, a))!.Description.Length);
        Assert.Equal(100, (await StateAsync<CmkState>(host, b))!.Description.Length);
    }

    [Fact]
    public async Task InTurn_AliasOfAKeyThatAnotherNodeDeleted_IsRefused()
    {
        var storeOne = await _fixture.OpenStoreAsync();
        var storeTwo = await _fixture.OpenStoreAsync();
        var one = _fixture.Host(storeOne);
        var two = _fixture.Host(storeTwo);
        var key = await _fixture.CreateKeyAsync(one);
        await StateAsync<CmkState>(two, key);
        await CmkTurn(one, key, cmk => cmk.ScheduleDeletion(TimeSpan.FromDays(7)));
        _fixture.Time.Advance(TimeSpan.FromDays(7));
        await _fixture.Pump(one, storeOne).RunDueAsync(CancellationToken.None);

        // The second node's snapshot still says Enabled; the guard on the key's ETag finds out.
        Assert.Equal(KeyState.Enabled, (await StateAsync<CmkState>(two, key))!.KeyState);
        Assert.Equal(RefusalCode.KeyNotFound, (await CreateAliasAsync(two, "a", key)).Refusal?.Code);
        Assert.Null(await StateAsync<AliasState>(two, GrainId.OfAlias(Account, "a")));
    }

    [Fact]
    public async Task EveryStoreCall_FailingInTurn_LeavesATruthfulHost()
    {
        foreach (var losesAnswer in new[] { false, true })
        {
            var store = await _fixture.OpenStoreAsync();
            for (var failing = 1; ; failing++)
            {
                var faulty = new FaultyStore(store) { FailingCall = failing, LosesAnswer = losesAnswer };
                var host = _fixture.Host(faulty);
                var failed = false;
                GrainId key = default;
                try
                {
                    key = await _fixture.CreateKeyAsync(host);
                    await CreateAliasAsync(host, $"{losesAnswer}{failing}", key);
                    await CmkTurn(host, key, cmk => cmk.Disable());
                }
                catch (StoreUnavailableException)
                {
                    failed = true;
                }

                if (key != default) await AssertSameAsStoredAsync(host, store, key);
                await AssertSameAsStoredAsync(host, store, GrainId.OfAlias(Account, $"{losesAnswer}{failing}"));
                if (!failed) break;
            }
        }
    }

    private static async Task AssertSameAsStoredAsync(GrainHost host, IGrainStore store, GrainId id)
    {
        var snapshot = await host.ReadAsync(id, CancellationToken.None);
        var stored = await store.LoadAsync(id, CancellationToken.None);
        Assert.Equal(stored?.ETag ?? 0, snapshot.ETag);
    }

    private static ValueTask<Outcome<Done>> Append(GrainHost host, GrainId key) =>
        CmkTurn(host, key, cmk => cmk.UpdateDescription(cmk.State.Description + "x"));
}
