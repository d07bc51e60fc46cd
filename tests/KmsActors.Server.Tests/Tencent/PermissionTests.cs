using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Which action of policies each action asks for, and where it holds.</summary>
public sealed class PermissionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Mine = "5b6d1f7e-8f55-4a3c-9f6c-0f2f4f7a0000";

    // By both of the names that policies have for it.
    private static readonly Dictionary<string, (string One, string Other)> s_actions = new()
    {
        ["Encrypt"] = ("kms:cmk:crypto", "kms:Encrypt"),
        ["Decrypt"] = ("kms:cmk:crypto", "kms:Decrypt"),
        ["CreateKey"] = ("kms:cmk:create", "kms:CreateKey"),
        ["ListKey"] = ("kms:cmk:list", "kms:ListKeys"),
        ["GetKeyAttributes"] = ("kms:cmk:get", "kms:DescribeKey"),
        ["DisableKey"] = ("kms:cmk:disable", "kms:DisableKey"),
        ["EnableKey"] = ("kms:cmk:enable", "kms:EnableKey"),
        ["GenerateDataKey"] = ("kms:dek:create", "kms:GenerateDataKey"),
        ["SetKeyAttributes"] = ("kms:cmk:update", "kms:UpdateAlias"),
        ["ScheduleKeyDeletion"] = ("kms:cmk:update", "kms:ScheduleKeyDeletion"),
        ["CancelKeyDeletion"] = ("kms:cmk:update", "kms:CancelKeyDeletion"),
    };

    public static IEnumerable<object[]> Actions => Requests.All.Select(action => new object[] { action });

    private Customer Account => new(server.Root);

    [Fact]
    public void Actions_AgainstTheServersTable_HaveEveryAction() =>
        Assert.Equal(Requests.All, s_actions.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_AsksForItsRightAlone(string action)
    {
        var keyId = await Account.KeyAsync();
        var blob = await Account.EncryptAsync(keyId);
        await Requests.PrepareAsync(action, Account, keyId);
        var parameters = Requests.Of(action, keyId, blob);
        foreach (var name in new[] { s_actions[action].One, s_actions[action].Other })
        {
            var allBut = await Account.AsUserAsync(PolicyScope.All, Allow("*"), Deny(name));
            await allBut.RefusedAsync("4300/10040", action, parameters);
        }

        await (await Account.AsUserAsync(PolicyScope.All)).RefusedAsync("4300/10040", action, parameters);
        await (await Account.AsUserAsync(PolicyScope.All, Allow(s_actions[action].Other))).OkAsync(action, parameters);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_InAnEnterpriseProject_IsForItsKeysAlone(string action)
    {
        var huawei = new Huawei.Project(server.Root);
        var user = await Account.AsUserAsync(PolicyScope.OfEnterpriseProject(Mine), Allow("kms:*"));
        foreach (var (project, isAllowed) in new[] { (Mine, true), ("0", false) })
        {
            var keyId = await huawei.KeyAsync(project: project);
            var blob = await Account.EncryptAsync(keyId);
            await Requests.PrepareAsync(action, Account, keyId);
            var answer = await user.CallAsync(action, Requests.Of(action, keyId, blob));
            // New keys are in the default project, and listings show what may be seen.
            var isServed = action switch { "CreateKey" => false, "ListKey" => true, _ => isAllowed };
            Assert.Equal(isServed ? "0" : "4300/10040", answer.Code);
        }
    }

    [Fact]
    public async Task User_OfOneKey_UsesThatAlone()
    {
        var (mine, other) = (await Account.KeyAsync(), await Account.KeyAsync());
        var user = await Account.AsUserAsync(PolicyScope.All, Allow("kms:*") with { Resources = [mine] });
        Assert.Equal(Customer.Hello, await user.DecryptAsync(await user.EncryptAsync(mine)));
        var foreign = await Account.EncryptAsync(other);
        foreach (var action in Requests.All)
        {
            var isServed = action is not ("CreateKey" or "ListKey");
            await user.RefusedAsync("4300/10040", action, Requests.Of(action, other, foreign));
            if (isServed) Assert.NotEqual("4300/10040", (await user.CallAsync(action, Requests.Of(action, mine, foreign[..8]))).Code);
        }
    }

    [Fact]
    public async Task User_WhoseRightIsTakenAway_IsRefusedFromThenOn()
    {
        var (name, key) = ("tencent-user", new Credentials("AKIDofauser", "secret-of-the-user"));
        var account = server.Root.Account;
        await server.OperateAsync(account, new CreateUser(name));
        var policy = new AttachedPolicy { Name = "all", Scope = PolicyScope.All, Statements = [Allow("*")] };
        await server.OperateAsync(account, new SetUserPolicies(name, [policy]));
        await server.OperateAsync(account, new CreateAccessKey(key.Id, key.Secret) { User = name });
        var user = new Customer(server.Root with { Key = key });
        await user.OkAsync("ListKey");
        await server.OperateAsync(account, new SetUserPolicies(name, []));
        await user.RefusedAsync("4300/10040", "ListKey");
        await server.OperateAsync(account, new SetUserStatus(name, false));
        await user.RefusedAsync("4100/10080", "ListKey");
    }

    private static PolicyStatement Allow(string action) => new() { Effect = PolicyEffect.Allow, Actions = [action] };

    private static PolicyStatement Deny(string action) => new() { Effect = PolicyEffect.Deny, Actions = [action] };
}
