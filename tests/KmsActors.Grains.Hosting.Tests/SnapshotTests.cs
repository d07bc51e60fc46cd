using static KmsActors.Grains.Hosting.Tests.HostFixture;

namespace KmsActors.Grains.Hosting.Tests;

public sealed class SnapshotTests : IAsyncDisposable
{
    private readonly HostFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private sealed class Handle : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    [Fact]
    public async Task Attach_Twice_MakesOne()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var key = await _fixture.CreateKeyAsync(host);
        var snapshot = await host.ReadAsync(key, CancellationToken.None);
        var first = snapshot.Attach(static _ => new Handle(), 0);
        Assert.Same(first, snapshot.Attach(static _ => new Handle(), 0));
    }

    [Fact]
    public async Task Snapshot_Superseded_DisposesItsAttachmentAndTakesNoOther()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var key = await _fixture.CreateKeyAsync(host);
        var attached = await host.ReadAsync(key, CancellationToken.None);
        var handle = attached.Attach(static _ => new Handle(), 0);
        await CmkTurn(host, key, cmk => cmk.Disable());
        Assert.True(handle.Disposed);

        var bare = await host.ReadAsync(key, CancellationToken.None);
        await CmkTurn(host, key, cmk => cmk.Enable());
        Assert.Throws<ObjectDisposedException>(() => bare.Attach(static _ => new Handle(), 0));
    }

    [Fact]
    public async Task ReadAsync_AfterAnAnsweredTurn_SeesItsChange()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync());
        var key = await _fixture.CreateKeyAsync(host);
        for (var i = 0; i < 100; i++)
        {
            await CmkTurn(host, key, cmk => i % 2 == 0 ? cmk.Disable() : cmk.Enable());
            Assert.Equal(
                i % 2 == 0 ? KeyState.Disabled : KeyState.Enabled,
                (await StateAsync<CmkState>(host, key))!.KeyState);
        }
    }

    [Fact]
    public async Task ReadAsync_OfNothing_IsRememberedUntilItIsCreated()
    {
        var faulty = new FaultyStore(await _fixture.OpenStoreAsync());
        var host = _fixture.Host(faulty);
        var alias = GrainId.OfAlias(Account, "a");
        Assert.Null(await StateAsync<AliasState>(host, alias));
        faulty.Reset();
        Assert.Null(await StateAsync<AliasState>(host, alias));
        Assert.Equal(0, faulty.Calls);

        await CreateAliasAsync(host, "a", await _fixture.CreateKeyAsync(host));
        Assert.NotNull(await StateAsync<AliasState>(host, alias));
    }

    [Fact]
    public async Task Activations_BeyondTheMost_MakeRoomAndDisposeWhatWasAttached()
    {
        var store = await _fixture.OpenStoreAsync();
        var host = _fixture.Host(store, new GrainHostOptions { MostActivations = 8 });
        var keys = new List<GrainId>();
        for (var i = 0; i < 100; i++) keys.Add(await _fixture.CreateKeyAsync(host));
        var handles = new List<Handle>();
        foreach (var key in keys)
        {
            var snapshot = await host.ReadAsync(key, CancellationToken.None);
            handles.Add(snapshot.Attach(static _ => new Handle(), 0));
        }

        Assert.True(handles.Count(handle => !handle.Disposed) <= 10);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(async () =>
        {
            var key = keys[i % keys.Count];
            var outcome = i % 3 == 0
                ? await CmkTurn(host, key, cmk => cmk.UpdateDescription(cmk.State.Description + "x"))
                : default(Done);
            Assert.Null(outcome.Refusal);
            Assert.NotNull(await StateAsync<CmkState>(host, key));
        })));
        var written = 0;
        foreach (var key in keys) written += (await StateAsync<CmkState>(host, key))!.Description.Length;
        Assert.Equal(334, written);
    }

    /// <summary>A turn on an evicted activation would publish where no reader looks.</summary>
    [Fact]
    public async Task InTurn_OverMoreGrainsThanStayInMemory_ComesToItsEnd()
    {
        var host = _fixture.Host(await _fixture.OpenStoreAsync(), new GrainHostOptions { MostActivations = 1 });
        GrainId[] keys = [await _fixture.CreateKeyAsync(host), await _fixture.CreateKeyAsync(host), await _fixture.CreateKeyAsync(host)];

        // On another thread: it would go round and round without ever waiting.
        var turn = Task.Run(async () => await host.InTurn<int>(
            keys, HostFixture.Turn, grains => grains.Count(grain => grain.Exists), CancellationToken.None));

        Assert.Equal(3, (await turn.WaitAsync(TimeSpan.FromMinutes(1))).Value);
    }

    [Fact]
    public void ActivationMap_Evicting_TellsWhoeverWaitsForTheTurnToAskAgain()
    {
        var map = new ActivationMap(1);
        var evicted = map.Get(GrainId.OfAlias(Account, "a"));
        evicted.Touched = false;
        map.Get(GrainId.OfAlias(Account, "b"));
        Assert.True(evicted.Evicted);
        Assert.NotSame(evicted, map.Get(GrainId.OfAlias(Account, "a")));
    }

    [Fact]
    public async Task ActivationMap_WhileATurnIsTaken_DoesNotEvict()
    {
        var map = new ActivationMap(1);
        var busy = map.Get(GrainId.OfAlias(Account, "a"));
        busy.Touched = false;
        await busy.TakeTurnAsync(CancellationToken.None);
        map.Get(GrainId.OfAlias(Account, "b"));
        Assert.False(busy.Evicted);
        Assert.Same(busy, map.Get(GrainId.OfAlias(Account, "a")));
    }
}
