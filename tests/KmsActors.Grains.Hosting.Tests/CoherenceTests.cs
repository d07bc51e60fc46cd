using System.Diagnostics.CodeAnalysis;
using static KmsActors.Grains.Hosting.Tests.HostFixture;

namespace KmsActors.Grains.Hosting.Tests;

/// <summary>Two nodes on one store, with a clock that the test moves.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it through IAsyncLifetime.")]
public sealed class CoherenceTests : IAsyncLifetime
{
    private readonly HostFixture _fixture = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _following = [];

    private SharedStore _shared = null!;
    private SharedStore.Node _nodeA = null!;
    private SharedStore.Node _nodeB = null!;
    private GrainHost _a = null!;
    private GrainHost _b = null!;

    public async Task InitializeAsync()
    {
        _shared = new SharedStore(await _fixture.OpenStoreAsync(), _fixture.Time);
        (_nodeA, _a) = Node();
        (_nodeB, _b) = Node();
        Follow(_a);
        Follow(_b);
        await AdvanceAsync(300);
    }

    public async Task DisposeAsync()
    {
        _nodeB.PollGate?.TrySetResult();
        await _stop.CancelAsync();
        await Task.WhenAll(_following);
        _stop.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Node_ThatHasNotPolled_ServesNothing()
    {
        var (_, late) = Node();
        Assert.False(late.MayServe);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await StateAsync<CmkState>(late, Cmk("x")));
        Follow(late);
        await AdvanceAsync(10);
        Assert.True(late.MayServe);
        Assert.Null(await StateAsync<CmkState>(late, Cmk("x")));
    }

    [Fact]
    public async Task State_LoadedBeforeTheFirstPoll_IsReadAgain()
    {
        var key = await CreatedAndReadByBothAsync();
        var (_, late) = Node();
        var asked = CmkTurn(late, key, cmk => cmk.Enable()).AsTask();
        await AdvanceUntilAsync(() => asked.IsCompleted);
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => disabled.IsCompleted);

        Follow(late);
        await AdvanceUntilAsync(() => late.MayServe);

        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(late, key))!.KeyState);
    }

    [Fact]
    public async Task Change_IsAnswered_WhenTheOtherHasHeardOfIt()
    {
        var key = await CreatedAndReadByBothAsync();
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceAsync(10);
        Assert.False(disabled.IsCompleted);
        Assert.Equal(KeyState.Enabled, (await StateAsync<CmkState>(_b, key))!.KeyState);
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        Assert.Null((await disabled).Refusal);
        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(_b, key))!.KeyState);
        Assert.True(_b.MayServe);
    }

    [Fact]
    public async Task Change_IsAnswered_WhenTheOtherThatHearsNothingServesNoMore()
    {
        var key = await CreatedAndReadByBothAsync();
        _nodeB.IsAway = true;
        var begun = _fixture.Time.GetUtcNow();
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        Assert.False(_b.MayServe);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await StateAsync<CmkState>(_b, key));
        Assert.InRange((_fixture.Time.GetUtcNow() - begun).TotalMilliseconds, 750, 1150);

        _nodeB.IsAway = false;
        await AdvanceUntilAsync(() => _b.MayServe);
        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(_b, key))!.KeyState);
    }

    [Fact]
    public async Task Answer_ThatComesLate_ProlongsNothing()
    {
        var key = await CreatedAndReadByBothAsync();
        _nodeB.PollGate = new TaskCompletionSource();
        await AdvanceAsync(300);
        await ActAsync(async () => Assert.Null((await CmkTurn(_a, key, cmk => cmk.Disable())).Refusal));
        Assert.False(_b.MayServe);
        _nodeB.PollGate.SetResult();
        await AdvanceAsync(5);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await StateAsync<CmkState>(_b, key));
        _nodeB.PollGate = null;
        await AdvanceUntilAsync(() => _b.MayServe);
        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(_b, key))!.KeyState);
    }

    [Fact]
    public async Task Lease_IsFromTheBeginningOfThePoll()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var polls = _nodeB.Polls;
        _nodeB.PollGate = first;
        await AdvanceUntilAsync(() => _nodeB.Polls > polls);
        await AdvanceAsync(900);
        _nodeB.PollGate = second;
        first.SetResult();
        await AdvanceAsync(20);
        Assert.True(_b.MayServe);
        await AdvanceAsync(100);
        Assert.False(_b.MayServe);
        second.SetResult();
        _nodeB.PollGate = null;
    }

    [Fact]
    public async Task WhatIsNew_IsAnsweredAtOnce_AndThereForAll()
    {
        // Of an id that is not known before, and all the same asked for.
        var first = await _fixture.CreateKeyAsync(_a);
        var next = first with { Name = first.Name[..^1] + "2" };
        Assert.Null(await StateAsync<CmkState>(_b, next));
        Assert.Equal(next, await _fixture.CreateKeyAsync(_a));
        Assert.NotNull(await StateAsync<CmkState>(_b, next));
    }

    [Fact]
    public async Task NameGivenAgain_IsAnswered_WhenNobodyHasWhatHadItBefore()
    {
        var (first, second) = (await _fixture.CreateKeyAsync(_a), await _fixture.CreateKeyAsync(_a));
        var alias = GrainId.OfAlias(Account, "a");
        await ActAsync(async () => Assert.Null((await CreateAliasAsync(_a, "a", first)).Refusal));
        Assert.NotNull(await StateAsync<AliasState>(_b, alias));
        var deleted = _a.InTurn<AliasGrain, CmkGrain, Done>(
            alias, first, Turn, (name, key) => name.Delete(key), CancellationToken.None).AsTask();
        while (await _nodeA.LoadAsync(alias, CancellationToken.None) is not null) await Task.Delay(1);
        var created = CreateAliasAsync(_a, "a", second).AsTask();
        await AdvanceUntilAsync(() => created.IsCompleted);
        Assert.Equal(second.Name, (await StateAsync<AliasState>(_b, alias))!.KeyId);
        await AdvanceUntilAsync(() => deleted.IsCompleted);
    }

    [Fact]
    public async Task Turn_WithNothingToDo_IsAnswered_WhenAllHaveHeardOfWhatIsSo()
    {
        var key = await CreatedAndReadByBothAsync();
        var first = await CommittedAsync(key, cmk => cmk.Disable());
        // As a client does that had no answer to the first.
        var again = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => again.IsCompleted);
        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(_b, key))!.KeyState);
        await AdvanceUntilAsync(() => first.IsCompleted);

        await AdvanceAsync(1100);
        Assert.Null((await CmkTurn(_a, key, cmk => cmk.Disable())).Refusal);
    }

    [Fact]
    public async Task Turn_WithNothingToDo_LooksWhetherThatIsStillSo()
    {
        var key = await CreatedAndReadByBothAsync();
        var enabled = DisabledThenEnabledByAAsync(key);
        await AdvanceUntilAsync(() => enabled.IsCompleted);
        var again = await CommittedAsync(key, cmk => cmk.Disable());
        // B has not heard of it yet, and takes the key for enabled.
        var enabledByB = CmkTurn(_b, key, cmk => cmk.Enable()).AsTask();
        await AdvanceUntilAsync(() => enabledByB.IsCompleted && again.IsCompleted);
        Assert.Equal(KeyState.Enabled, (await StateAsync<CmkState>(_a, key))!.KeyState);
    }

    [Fact]
    public async Task Turn_ThatIsRefused_LooksWhetherThatIsStillSo()
    {
        var key = await CreatedAndReadByBothAsync();
        var scheduled = CmkTurn(_a, key, cmk => cmk.ScheduleDeletion(TimeSpan.FromDays(7))).AsTask();
        await AdvanceUntilAsync(() => scheduled.IsCompleted);
        Assert.Equal(KeyState.PendingDeletion, (await StateAsync<CmkState>(_b, key))!.KeyState);
        var cancelled = await CommittedAsync(key, cmk => cmk.CancelDeletion(KeyState.Enabled));
        var disabled = CmkTurn(_b, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => cancelled.IsCompleted && disabled.IsCompleted);
        Assert.Null((await disabled).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turn_ThatIsRefusedOrThrows_LooksWhetherAllWasSoAtOnce(bool throws)
    {
        var key = await _fixture.CreateKeyAsync(_a);
        var (first, second) = (GrainId.OfAlias(Account, "a"), GrainId.OfAlias(Account, "b"));
        // B reads the first, and the second when another has made both.
        var gate = new TaskCompletionSource();
        _nodeB.LoadGate = gate;
        var looking = _b.InTurn<AliasGrain, AliasGrain, Done>(
            first,
            second,
            Turn,
            (one, other) =>
            {
                if (one.Exists == other.Exists) return default(Done);
                return throws ? throw new InvariantException("there are both or none") : new Refusal(RefusalCode.AliasExists);
            },
            CancellationToken.None).AsTask();
        await ActAsync(async () => await _a.InTurn<Done>(
            [first, second, key],
            Turn,
            grains =>
            {
                foreach (var alias in grains.Take(2)) ((AliasGrain)alias).Create((CmkGrain)grains[2], 1000);
                return default(Done);
            },
            CancellationToken.None));
        _nodeB.LoadGate = null;
        gate.SetResult();
        await AdvanceUntilAsync(() => looking.IsCompleted);
        Assert.Null((await looking).Refusal);
    }

    [Fact]
    public async Task Turn_ThatThrowsAtWhatIsSo_IsNotRunAgain()
    {
        var (first, second, turns) = (GrainId.OfAlias(Account, "a"), GrainId.OfAlias(Account, "b"), 0);
        await Assert.ThrowsAsync<InvariantException>(async () => await _b.InTurn<AliasGrain, AliasGrain, Done>(
            first,
            second,
            Turn,
            (_, _) =>
            {
                turns++;
                throw new InvariantException("never");
            },
            CancellationToken.None));
        Assert.Equal(1, turns);
    }

    [Fact]
    public async Task OwnChange_NeedsNoReading_AndNoFeedForgetsIt()
    {
        var key = await CreatedAndReadByBothAsync();
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        var loads = _nodeA.Loads;
        await AdvanceAsync(1000);
        Assert.Equal(KeyState.Disabled, (await StateAsync<CmkState>(_a, key))!.KeyState);
        Assert.Equal(loads, _nodeA.Loads);
    }

    [Fact]
    public async Task Feed_ThatHasForgotten_HasEverythingReadAgain()
    {
        var key = await CreatedAndReadByBothAsync();
        var loads = _nodeB.Loads;
        await AdvanceAsync(300);
        await StateAsync<CmkState>(_b, key);
        Assert.Equal(loads, _nodeB.Loads);
        _nodeB.HasForgotten = true;
        await AdvanceUntilAsync(() => !_nodeB.HasForgotten);
        await AdvanceAsync(10);
        await StateAsync<CmkState>(_b, key);
        Assert.Equal(loads + 1, _nodeB.Loads);
    }

    [Fact]
    public async Task State_ThatChangesWhileItIsRead_IsReadAgain()
    {
        var key = await _fixture.CreateKeyAsync(_a);
        var gate = new TaskCompletionSource();
        _nodeB.LoadGate = gate;
        var reading = StateAsync<CmkState>(_b, key);
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        _nodeB.LoadGate = null;
        gate.SetResult();
        Assert.Equal(KeyState.Disabled, (await reading)!.KeyState);
    }

    [Fact]
    public async Task Node_ThatHasLeft_IsWaitedForByNobody()
    {
        var (_, leaving) = Node();
        using var stop = new CancellationTokenSource();
        var following = leaving.FollowAsync(stop.Token);
        await AdvanceAsync(300);
        var key = await CreatedAndReadByBothAsync();
        await stop.CancelAsync();
        await following;
        Assert.False(leaving.MayServe);
        _nodeB.IsAway = false;
        var disabled = CmkTurn(_a, key, cmk => cmk.Disable()).AsTask();
        var begun = _fixture.Time.GetUtcNow();
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        Assert.InRange((_fixture.Time.GetUtcNow() - begun).TotalMilliseconds, 0, 700);
    }

    [Fact]
    public async Task Grace_LetsANodeServeLonger_AndOthersWaitAsLong()
    {
        var options = new GrainHostOptions
        {
            Coherence = new CoherenceOptions { StaleGrace = TimeSpan.FromSeconds(5) },
        };
        var (nodeC, c) = Node(options);
        var (_, d) = Node(options);
        Follow(c);
        Follow(d);
        await AdvanceAsync(300);
        var key = await CreatedAndReadByBothAsync();
        Assert.NotNull(await StateAsync<CmkState>(c, key));
        nodeC.IsAway = true;
        await AdvanceAsync(4000);
        Assert.True(c.MayServe);
        var disabled = CmkTurn(d, key, cmk => cmk.Disable()).AsTask();
        await AdvanceUntilAsync(() => disabled.IsCompleted);
        Assert.False(c.MayServe);
    }

    /// <summary>A turn of A's that is committed, and not yet heeded by B.</summary>
    private async Task<Task<Outcome<Done>>> CommittedAsync(GrainId key, Func<CmkGrain, Outcome<Done>> turn)
    {
        var before = await ETagAsync();
        var running = CmkTurn(_a, key, turn).AsTask();
        while (await ETagAsync() == before) await Task.Delay(1);
        Assert.False(running.IsCompleted);
        return running;

        async Task<long> ETagAsync() => (await _nodeB.LoadAsync(key, CancellationToken.None))!.ETag;
    }

    private async Task DisabledThenEnabledByAAsync(GrainId key)
    {
        await CmkTurn(_a, key, cmk => cmk.Disable());
        await CmkTurn(_a, key, cmk => cmk.Enable());
        await StateAsync<CmkState>(_b, key);
    }

    private async Task<GrainId> CreatedAndReadByBothAsync()
    {
        var key = await _fixture.CreateKeyAsync(_a);
        Assert.NotNull(await StateAsync<CmkState>(_a, key));
        Assert.NotNull(await StateAsync<CmkState>(_b, key));
        return key;
    }

    private async Task ActAsync(Func<Task> action)
    {
        var acting = action();
        await AdvanceUntilAsync(() => acting.IsCompleted);
        await acting;
    }

    private (SharedStore.Node Node, GrainHost Host) Node(GrainHostOptions? options = null)
    {
        var node = _shared.NewNode();
        return (node, new GrainHost(node, _fixture.Time, options ?? new GrainHostOptions(), node));
    }

    private void Follow(GrainHost host) => _following.Add(host.FollowAsync(_stop.Token));

    private static GrainId Cmk(string name) => GrainId.OfCmk(Account, name);

    private async Task AdvanceUntilAsync(Func<bool> isSo)
    {
        for (var waited = 0; !isSo(); waited += 5)
        {
            Assert.True(waited < 20_000, "it never comes to that");
            await AdvanceAsync(5);
        }
    }

    // In steps that let whoever waits go on; real time passes too, but nothing depends on how much.
    private async Task AdvanceAsync(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 5)
        {
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Delay(1);
        }
    }
}
