using KmsActors.Grains;
using KmsActors.Server.Tests.Access;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Which action of policies each action asks for, and where it holds.</summary>
public sealed class PermissionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Mine = "5b6d1f7e-8f55-4a3c-9f6c-0f2f4f7a0000";

    private static readonly TencentDialect s_tencent = new();

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

    [Theory]
    [MemberData(nameof(Actions))]
    public void Action_GoesByTheActionsOfTheOtherProtocols(string action) =>
        Assert.Equal([s_actions[action].One, s_actions[action].Other], s_tencent.PolicyOf(action).Names.ToArray());

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_InAnEnterpriseProject_IsForItsKeysAlone(string action)
    {
        var huawei = new Huawei.Project(server.Root);
        var user = await Account.AsUserAsync(PolicyScope.OfEnterpriseProject(Mine), AccountUser.Allow("kms:*"));
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
}
