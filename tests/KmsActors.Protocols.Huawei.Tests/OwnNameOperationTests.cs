using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Keys' own names and the aliases that stand for them, in one commit, whoever speaks to the service.</summary>
public sealed class OwnNameOperationTests : IAsyncLifetime
{
    private TestKms _service = null!;

    public async Task InitializeAsync() => _service = await TestKms.OpenAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task CreateKey_WithANameThatIsTaken_MakesNoKey()
    {
        await CreateAsync("own");
        Assert.Equal(RefusalCode.AliasExists, (await RunAsync(new CreateKey { Alias = "own" })).Refusal?.Code);
        Assert.Equal(1, (await RunAsync(new GetKeyQuota())).Value.Used);
    }

    [Fact]
    public async Task RenameKey_ToAFreeName_MovesItsAlias()
    {
        string keyId = await CreateAsync("own");
        Assert.Null(await RefusalOf(new RenameKey(keyId, "new")));
        Assert.Equal("new", await NameOf(keyId));
        Assert.Equal(["new"], await AliasesOf(keyId));
        Assert.Null(await RefusalOf(new RenameKey(keyId, "new")));
        // The name before is free again.
        await CreateAsync("own");
    }

    [Fact]
    public async Task RenameKey_ToATakenName_IsRefusedAndKeepsBoth()
    {
        string keyId = await CreateAsync("own");
        string otherId = await CreateAsync("other");
        Assert.Equal(RefusalCode.AliasExists, await RefusalOf(new RenameKey(keyId, "other")));
        Assert.Equal(("own", "other"), (await NameOf(keyId), await NameOf(otherId)));
    }

    [Fact]
    public async Task AliasCalls_OnAnOwnName_LeaveTheKeyWithoutOne_UntilItIsNamedAgain()
    {
        string keyId = await CreateAsync("own");
        string otherId = await CreateAsync("other");
        Assert.Null(await RefusalOf(new UpdateAlias("own", otherId)));
        Assert.Equal((null, "other"), (await NameOf(keyId), await NameOf(otherId)));
        Assert.Equal(["other", "own"], await AliasesOf(otherId));
        Assert.Null(await RefusalOf(new DeleteAlias("other")));
        Assert.Null(await NameOf(otherId));
        Assert.Null(await RefusalOf(new RenameKey(keyId, "again")));
        Assert.Equal("again", await NameOf(keyId));
    }

    [Fact]
    public async Task AliasCalls_OnADefaultMasterKeysName_AreRefused()
    {
        string keyId = (await RunAsync(new EnsureDefaultKey("service/default"))).Value;
        RefusalCode? named = (await RunAsync(new CreateKey { Alias = "another/default" })).Refusal?.Code;
        Assert.Equal(RefusalCode.DefaultKeyProtected, named);
        string otherId = await CreateAsync("other");
        Assert.Equal(RefusalCode.DefaultKeyProtected, await RefusalOf(new DeleteAlias("service/default")));
        Assert.Equal(RefusalCode.DefaultKeyProtected, await RefusalOf(new UpdateAlias("service/default", otherId)));
        Assert.Equal("service/default", await NameOf(keyId));
    }

    // Whatever wins, a key's own name is an alias of it.
    [Fact]
    public async Task RenameAndAliasCalls_AtOnce_LeaveNamesAndAliasesInStep()
    {
        string first = await CreateAsync("a");
        string second = await CreateAsync("b");
        IOperation<Done>[] calls =
        [
            new RenameKey(first, "c"), new RenameKey(second, "c"), new RenameKey(first, "d"), new RenameKey(second, "e"),
            new DeleteAlias("a"), new UpdateAlias("b", first), new DeleteAlias("c"), new UpdateAlias("d", second),
        ];
        for (int round = 0; round < 25; round++)
        {
            await Task.WhenAll(calls.Select(call => Task.Run(() => RunAsync(call))));
            foreach (string keyId in new[] { first, second })
            {
                if (await NameOf(keyId) is { } name) Assert.Contains(name, await AliasesOf(keyId));
            }

            foreach (string alias in new[] { "a", "b", "c", "d", "e" }) await RunAsync(new DeleteAlias(alias));
            Assert.Equal((null, null), (await NameOf(first), await NameOf(second)));
            await RunAsync(new RenameKey(first, "a"));
            await RunAsync(new RenameKey(second, "b"));
        }
    }

    private async Task<string> CreateAsync(string alias) => (await RunAsync(new CreateKey { Alias = alias })).Value.KeyId;

    private async Task<string?> NameOf(string keyId) =>
        (await RunAsync(new DescribeKey(KeyReference.ById(keyId)))).Value.State.Alias;

    private async Task<IEnumerable<string>> AliasesOf(string keyId) =>
        (await RunAsync(new ListAliasesByKeyId(keyId, 0, 100))).Value.Items.Select(row => row.Alias);

    private async Task<RefusalCode?> RefusalOf<T>(IOperation<T> operation) => (await RunAsync(operation)).Refusal?.Code;

    private async Task<Outcome<T>> RunAsync<T>(IOperation<T> operation) => await operation.RunAsync(
        new OperationContext(_service.Kms, TestKms.Account, new TurnContext("test", ""), CancellationToken.None)
        {
            Lifecycle = CmkLifecycle.Huawei,
        });
}
