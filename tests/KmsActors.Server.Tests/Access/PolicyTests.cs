using System.Reflection;
using KmsActors.Operations;
using KmsActors.Server.Tests.Huawei;
using static KmsActors.Server.Tests.AccountUser;

namespace KmsActors.Server.Tests.Access;

/// <summary>Every operation of every protocol is for those users whom policies allow it, and for no others.</summary>
public sealed class PolicyTests(TestServer server) : IClassFixture<TestServer>
{
    // IAM has no actions of policies: its calls are about the caller himself.
    private static readonly string[] s_protocols = ["Aliyun", "Huawei", "Tencent"];

    public static IEnumerable<object[]> Operations =>
        from protocol in s_protocols
        from operation in Dialect.All[protocol].Operations
        select new object[] { protocol, operation };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operation_IsForWhomPoliciesAllowIt(string protocol, string operation)
    {
        var dialect = Dialect.All[protocol];
        var account = await server.NewTenantAsync();
        var call = await dialect.GoodAsync(operation, account);
        var user = await OfAsync(account);
        var isAboutKey = !dialect.Keyless.Contains(operation);
        var forbidden = isAboutKey ? dialect.Forbidden : (dialect.Forbidden.Call, Key: dialect.Forbidden.Call);
        if (dialect.PolicyOf(operation) is not { } action)
        {
            Assert.Equal("DescribeRegions", operation);
            Assert.Equal("", await SendAsync());
            return;
        }

        // What is due by now is done first: from here on nothing may change but by a call that is served.
        await server.RunRemindersAsync();
        var keys = await KeysAsync();
        var other = await account.KeyAsync();
        await RefusedAsync(forbidden.Call);
        foreach (var name in action.Names)
        {
            await user.MayAsync(Allow("*"), Deny(name));
            await RefusedAsync(forbidden.Call);
            await user.MayAsync(Allow(name, other));
            await RefusedAsync(forbidden.Key);
            await user.MayAsync(Allow("*"), Deny(name, keys));
            if (isAboutKey) await RefusedAsync(forbidden.Key);
        }

        foreach (var name in action.Names)
        {
            await user.MayAsync(Allow(name));
            Assert.Equal((name, ""), (name, await SendAsync()));
            call = await dialect.GoodAsync(operation, account);
        }

        await user.MayAsync(Allow("*", await KeysAsync()));
        Assert.Equal(isAboutKey ? "" : forbidden.Key, await SendAsync());

        async Task<string> SendAsync() => (await call.SendAsync(new Caller("", user.Tenant))).Code;

        async Task<string[]> KeysAsync() => (await new Project(account).OkAsync("list-keys", new { })).List("keys");

        async Task RefusedAsync(string code)
        {
            var before = server.Commits();
            Assert.Equal((code, before), (await SendAsync(), server.Commits()));
        }
    }

    [Theory]
    [InlineData("Aliyun", "Forbidden.AccessKey", "InvalidAccessKeyId.NotFound")]
    [InlineData("Huawei", "APIGW.0301", "APIGW.0301")]
    [InlineData("Tencent", "4100/10080", "4000/10450")]
    public async Task User_WhoseRightIsTakenAway_IsRefusedFromThenOn(string protocol, string disabled, string gone)
    {
        var dialect = Dialect.All[protocol];
        var list = dialect.Lists.First().Call;
        var user = await OfAsync(server.Root);
        await user.MayAsync(Allow("*"));
        Assert.Equal("", await SendAsync());
        await user.MayAsync();
        Assert.Equal(dialect.Forbidden.Call, await SendAsync());
        await server.OperateAsync(server.Root.Account, new SetUserStatus(user.Name, false));
        Assert.Equal(disabled, await SendAsync());
        // His access keys go with him.
        await server.OperateAsync(server.Root.Account, new DeleteUser(user.Name));
        Assert.Equal(gone, await SendAsync());

        async Task<string> SendAsync() => (await list.SendAsync(new Caller("", user.Tenant))).Code;
    }

    [Fact]
    public void Operations_AgainstTheServersTables_HaveEveryOperation()
    {
        foreach (var dialect in s_protocols.Select(protocol => Dialect.All[protocol]))
            Assert.Equal(dialect.Table.Order(), dialect.Operations.Select(Dialect.NameOf).Distinct().Order());
    }

    [Fact]
    public void Actions_ThatPoliciesKnow_AreAllOfSomeOperation()
    {
        var used = s_protocols.Select(protocol => Dialect.All[protocol])
            .SelectMany(dialect => dialect.Operations.Select(dialect.PolicyOf))
            .ToHashSet();
        Assert.Empty(typeof(PolicyAction).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.GetValue(null) is PolicyAction action && !used.Contains(action))
            .Select(property => property.Name));
    }
}
