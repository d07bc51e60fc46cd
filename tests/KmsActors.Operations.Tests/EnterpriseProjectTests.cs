using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Grains.PolicyEffect;

namespace KmsActors.Operations.Tests;

/// <summary>What a user of one enterprise project sees and makes.</summary>
public sealed class EnterpriseProjectTests : IAsyncLifetime
{
    private const string Mine = "11111111-1111-4111-8111-111111111111";
    private const string Other = "22222222-2222-4222-8222-222222222222";

    private readonly Service _service = new();
    private string _mine = "";
    private string _other = "";

    public async Task InitializeAsync()
    {
        await _service.InitializeAsync();
        _mine = await KeyAsync(Mine, "mine");
        _other = await KeyAsync(Other, "other");
        await _service.OkAsync(new CreateUser("user"));
        var policy = Service.Policy(Allow, "*") with { Scope = PolicyScope.OfEnterpriseProject(Mine) };
        await _service.OkAsync(new SetUserPolicies("user", [policy]));
    }

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Listings_HaveHisKeysOnly_AndCountThemOnly()
    {
        var keys = await RunAsync(new ListKeys(KeyFilter.None, 0, 10), PolicyAction.ListKeys);
        Assert.Equal([_mine], keys.Value.Items);
        Assert.Equal(1, keys.Value.TotalCount);
        var named = await RunAsync(new ListNamedKeys([_other, _mine], 0, 10), PolicyAction.ListKeys);
        Assert.Equal([_mine], named.Value.Items);
        Assert.Equal(1, named.Value.TotalCount);
        var described = await RunAsync(new ListKeyDescriptions(KeyFilter.None, 0, 10), PolicyAction.ListKeys);
        Assert.Equal(_mine, Assert.Single(described.Value.Items).KeyId);
        Assert.Equal(1, (await RunAsync(new CountKeys(KeyFilter.None), PolicyAction.ListResources)).Value);
        var tags = await RunAsync(new ListTags(), PolicyAction.ListTags);
        Assert.Equal(new("tag", "mine"), Assert.Single(tags.Value.Tags));
        var all = await _service.OkAsync(new ListKeys(KeyFilter.None, 0, 10));
        // Both of the same instant, so in the order of their ids.
        Assert.Equal(new[] { _mine, _other }.Order(StringComparer.Ordinal), all.Items);
    }

    [Theory]
    [InlineData(Mine, 1)]
    [InlineData(Other, 0)]
    public async Task Listing_OfANamedProject_HasWhatIsInBoth(string project, int expected)
    {
        var filter = new KeyFilter { EnterpriseProjects = ProjectSet.Of(project) };
        var keys = await RunAsync(new ListKeys(filter, 0, 10), PolicyAction.ListKeys);
        Assert.Equal(expected, keys.Value.TotalCount);
    }

    [Fact]
    public async Task Listing_WithAProjectDenied_HasTheOthers()
    {
        var deny = Service.Policy(Deny, "kms:cmk:list") with { Scope = PolicyScope.OfEnterpriseProject(Mine) };
        await _service.OkAsync(new SetUserPolicies("user", [Service.Policy(Allow, "*"), deny]));
        var keys = await RunAsync(new ListKeys(KeyFilter.None, 0, 10), PolicyAction.ListKeys);
        Assert.Equal([_other], keys.Value.Items);
    }

    [Fact]
    public async Task Quota_CountsTheWholeAccount() =>
        Assert.Equal(2, (await RunAsync(new GetKeyQuota(), PolicyAction.GetQuota)).Value.Used);

    [Fact]
    public async Task Key_IsMadeInHisProject_AndInNoOther()
    {
        var mine = new CreateKey { EnterpriseProject = Mine, Alias = "made" };
        Assert.Null((await RunAsync(mine, PolicyAction.CreateKey)).Refusal);
        var other = await RunAsync(mine with { EnterpriseProject = Other, Alias = null }, PolicyAction.CreateKey);
        Assert.Equal(RefusalCode.KeyForbidden, other.Refusal?.Code);
        var byDefault = await RunAsync(new CreateKey(), PolicyAction.CreateKey);
        Assert.Equal(RefusalCode.KeyForbidden, byDefault.Refusal?.Code);
        Assert.Equal(3, (await _service.OkAsync(new GetKeyQuota())).Used);
    }

    [Fact]
    public async Task Key_OfHisProject_IsHisToUse_AndOfAnotherNot()
    {
        Assert.Null((await RunAsync(new DisableKey(_mine), PolicyAction.DisableKey)).Refusal);
        var refused = await RunAsync(new DisableKey(_other), PolicyAction.DisableKey);
        Assert.Equal(RefusalCode.KeyForbidden, refused.Refusal?.Code);
        var state = (await _service.OkAsync(new DescribeKey(KeyReference.ById(_other)))).KeyState;
        Assert.Equal(KeyState.Enabled, state);
    }

    [Fact]
    public async Task Aliases_KnowNoProjects_SoHeMayNotListThem()
    {
        var aliases = await RunAsync(new ListAliases(0, 10), PolicyAction.ListAliases);
        Assert.Equal(RefusalCode.CallForbidden, aliases.Refusal?.Code);
    }

    private async Task<Outcome<T>> RunAsync<T>(IOperation<T> operation, PolicyAction action)
    {
        var rights = await _service.RightsAsync("user", action);
        return await operation.RunAsync(_service.Context(rights.Value));
    }

    private async Task<string> KeyAsync(string project, string tag)
    {
        var key = new CreateKey { EnterpriseProject = project, Tags = [new("tag", tag)] };
        return (await _service.OkAsync(key)).KeyId;
    }
}
