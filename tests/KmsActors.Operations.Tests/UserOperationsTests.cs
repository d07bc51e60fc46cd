using KmsActors.Grains;
using static KmsActors.Grains.PolicyEffect;

namespace KmsActors.Operations.Tests;

public sealed class UserOperationsTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task CreateUser_Twice_OrOfABadNameOrPassword_IsRefused()
    {
        await service.UserAsync("once");
        Assert.Equal(RefusalCode.UserExists, await service.CodeOfAsync(new CreateUser("once")));
        Assert.Equal(RefusalCode.ParameterInvalid, await service.CodeOfAsync(new CreateUser("a/b")));
        Assert.Equal(
            RefusalCode.ParameterInvalid,
            await service.CodeOfAsync(new CreateUser("weak") { Password = Service.Bytes("1234567") }));
        Assert.Equal(
            RefusalCode.ParameterInvalid,
            await service.CodeOfAsync(new SetUserPassword("once", Service.Bytes(new string('x', 129)))));
        Assert.Null(await service.StateAsync("weak"));
    }

    [Fact]
    public async Task CreateUser_OfNoAccount_IsRefused() => Assert.Equal(
        RefusalCode.AccountNotFound,
        (await new CreateUser("a").RunAsync(service.Context(account: "none"))).Refusal?.Code);

    [Fact]
    public async Task CheckUserPassword_IsNoLogin()
    {
        await service.UserAsync("checked");
        for (var i = 0; i < 9; i++) Assert.False(await service.OkAsync(new CheckUserPassword("checked", "no"u8.ToArray())));
        Assert.True(await service.OkAsync(new CheckUserPassword("checked", Service.Bytes("the password"))));
        Assert.Equal(0, (await service.StateAsync("checked"))!.FailedLogins);
        Assert.Equal(
            RefusalCode.UserNotFound, await service.CodeOfAsync(new CheckUserPassword("unknown", "no"u8.ToArray())));
    }

    [Fact]
    public async Task Rights_OfAUser_AreThoseOfItsPoliciesAndItsGroups()
    {
        await service.UserAsync("member");
        await service.OkAsync(new CreateGroup("readers"));
        await service.OkAsync(new CreateGroup("deniers"));
        await service.OkAsync(new SetGroupPolicies("readers", [Service.Policy(Allow, "kms:cmk:get")]));
        await service.OkAsync(new SetGroupPolicies("deniers", [Service.Policy(Deny, "kms:DescribeKey")]));
        Assert.False(await MayAsync("member", PolicyAction.DescribeKey));
        await service.OkAsync(new AddUserToGroup("member", "readers"));
        Assert.True(await MayAsync("member", PolicyAction.DescribeKey));
        await service.OkAsync(new AddUserToGroup("member", "deniers"));
        Assert.False(await MayAsync("member", PolicyAction.DescribeKey));
        await service.OkAsync(new RemoveUserFromGroup("member", "deniers"));
        Assert.True(await MayAsync("member", PolicyAction.DescribeKey));
        await service.OkAsync(new SetUserPolicies("member", [Service.Policy(Deny, "*")]));
        Assert.False(await MayAsync("member", PolicyAction.DescribeKey));
    }

    [Fact]
    public async Task Rights_OfADeletedGroup_AreGone_AlsoWhenAnotherHasItsName()
    {
        await service.UserAsync("stays");
        foreach (var round in new[] { true, false })
        {
            await service.OkAsync(new CreateGroup("comes and goes"));
            await service.OkAsync(new SetGroupPolicies("comes and goes", [Service.Policy(Allow, "*")]));
            if (round) await service.OkAsync(new AddUserToGroup("stays", "comes and goes"));
            Assert.Equal(round, await MayAsync("stays", PolicyAction.DescribeKey));
            await service.OkAsync(new DeleteGroup("comes and goes"));
            Assert.False(await MayAsync("stays", PolicyAction.DescribeKey));
        }

        await service.OkAsync(new RemoveUserFromGroup("stays", "comes and goes"));
    }

    [Fact]
    public async Task Rights_OfTheAccountItself_AreFull_AndOfAnUnknownOrDisabledUserNone()
    {
        Assert.Same(Rights.Full, (await service.RightsAsync(null, PolicyAction.DescribeKey)).Value);
        Assert.Same(Rights.Full, (await service.RightsAsync(Principal.Of("1", "1").User, PolicyAction.DescribeKey)).Value);
        Assert.False(await MayAsync("unknown", PolicyAction.DescribeKey));
        await service.UserAsync("idle");
        await service.OkAsync(new SetUserPolicies("idle", [Service.Policy(Allow, "*")]));
        Assert.True(await MayAsync("idle", PolicyAction.DescribeKey));
        await service.OkAsync(new SetUserStatus("idle", false));
        Assert.False(await MayAsync("idle", PolicyAction.DescribeKey));
    }

    [Fact]
    public async Task Rights_InAnIamProject_AreOfTheAccountsOwn()
    {
        await service.UserAsync("projected");
        var policy = Service.Policy(Allow, "*");
        var mine = AccountProject.IdOf(service.Kms.Region, Service.Account);
        await service.OkAsync(new SetUserPolicies("projected", [policy with { Scope = PolicyScope.OfProject(mine) }]));
        Assert.True(await MayAsync("projected", PolicyAction.DescribeKey));
        var other = AccountProject.IdOf(service.Kms.Region, "another");
        await service.OkAsync(new SetUserPolicies("projected", [policy with { Scope = PolicyScope.OfProject(other) }]));
        Assert.False(await MayAsync("projected", PolicyAction.DescribeKey));
    }

    [Fact]
    public async Task AccessKey_OfAUser_SignsForHim_WhileHeMayAct()
    {
        await service.UserAsync("signer");
        await service.OkAsync(new CreateAccessKey("ak", "secret-1") { User = "signer" });
        Assert.Equal(new Principal(Service.Account, "signer"), (await SignerAsync("ak")).Value);
        await service.OkAsync(new SetUserStatus("signer", false));
        Assert.Equal(RefusalCode.AccessKeyDisabled, (await SignerAsync("ak")).Refusal?.Code);
        await service.OkAsync(new SetUserStatus("signer", true));
        Assert.NotNull((await SignerAsync("ak")).Value);
        await service.OkAsync(new DeleteUser("signer"));
        Assert.Equal(RefusalCode.AccessKeyNotFound, (await SignerAsync("ak")).Refusal?.Code);
        await service.UserAsync("signer");
        Assert.Equal(RefusalCode.AccessKeyNotFound, (await SignerAsync("ak")).Refusal?.Code);
        Assert.Equal(
            RefusalCode.UserNotFound, await service.CodeOfAsync(new CreateAccessKey("new", "secret-1") { User = "unknown" }));
        await service.OkAsync(new CreateAccessKey("own", "secret-1") { User = Service.Account });
        Assert.Equal(new Principal(Service.Account, null), (await SignerAsync("own")).Value);
    }

    private async Task<bool> MayAsync(string user, PolicyAction action)
    {
        var rights = await service.RightsAsync(user, action);
        if (!rights.Refused(out var refusal)) return rights.Value.MayUse("any key", "0");
        Assert.Equal(RefusalCode.CallForbidden, refusal.Code);
        return false;
    }

    private async Task<Outcome<Principal?>> SignerAsync(string accessKeyId) =>
        await AccessKeySignature.VerifyAsync(service.Kms, accessKeyId, (secret, _) => secret.Length == 8, 0, default);
}
