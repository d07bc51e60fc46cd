using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Iam;

/// <summary>Aliyun's protocol by the access key of a user: every action goes by policies.</summary>
public sealed class LimitedUserTests(TestServer server) : IClassFixture<TestServer>
{
    private static int s_users;

    public static TheoryData<string> Actions() =>
        new(Catalogue.Actions.Keys.Where(title => Catalogue.Actions[title].Name != "DescribeRegions"));

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_ByAUserWithThatRightAlone_IsServed_AndWithAllOthersIsNot(string title)
    {
        var wanted = Catalogue.Actions[title];
        var arguments = await wanted.Arguments(server.Root);
        var allBut = await UserAsync(Policy(PolicyEffect.Allow, "*"), Policy(PolicyEffect.Deny, $"kms:{wanted.Name}"));
        await allBut.RefusedAsync("Forbidden.NoPermission", null, wanted.Name, arguments);
        var none = await UserAsync();
        await none.RefusedAsync("Forbidden.NoPermission", null, wanted.Name, arguments);
        var only = await UserAsync(Policy(PolicyEffect.Allow, $"kms:{wanted.Name}"));
        await only.OkAsync(wanted.Name, arguments);
    }

    [Fact]
    public async Task DescribeRegions_IsForEverybodyOfTheAccount() => await (await UserAsync()).OkAsync("DescribeRegions");

    [Fact]
    public async Task User_OfOneKey_UsesThatAlone_AndListsNothing()
    {
        var (mine, other) = (await server.Root.KeyAsync(), await server.Root.KeyAsync());
        var policy = Policy(PolicyEffect.Allow, "kms:*");
        var user = await UserAsync(policy with { Statements = [policy.Statements[0] with { Resources = [mine] }] });
        var blob = await user.EncryptAsync(mine);
        await user.DecryptAsync(blob);
        await user.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", other), ("Plaintext", "aGk="));
        var foreign = await server.Root.EncryptAsync(other);
        await user.RefusedAsync("Forbidden.NoPermission", null, "Decrypt", ("CiphertextBlob", foreign));
        await user.RefusedAsync("Forbidden.NoPermission", null, "ListKeys");
        await user.RefusedAsync("Forbidden.NoPermission", null, "ListAliases");
        await user.RefusedAsync("Forbidden.NoPermission", null, "CreateKey");
        var unknown = "00000000-0000-4000-8000-000000000000";
        await user.RefusedAsync("Forbidden.KeyNotFound", null, "DescribeKey", ("KeyId", unknown));
    }

    [Fact]
    public async Task User_WhoseRightIsTakenAway_IsRefusedFromThenOn()
    {
        var keyId = await server.Root.KeyAsync();
        var (name, user) = await NewAsync(Policy(PolicyEffect.Allow, "*"));
        await user.EncryptAsync(keyId);
        await server.OperateAsync(server.Root.Account, new SetUserPolicies(name, []));
        await user.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="));
        await server.OperateAsync(server.Root.Account, new SetUserStatus(name, false));
        await user.RefusedAsync("Forbidden.AccessKey", null, "DescribeRegions");
        await server.OperateAsync(server.Root.Account, new DeleteUser(name));
        await user.RefusedAsync("Forbidden.AccessKey", null, "DescribeRegions");
    }

    private async Task<Tenant> UserAsync(params AttachedPolicy[] policies) => (await NewAsync(policies)).User;

    private async Task<(string Name, Tenant User)> NewAsync(params AttachedPolicy[] policies)
    {
        var name = $"limited{Interlocked.Increment(ref s_users)}";
        var key = new Credentials($"key-of-{name}", $"secret-of-{name}");
        var account = server.Root.Account;
        await server.OperateAsync(account, new CreateUser(name));
        await server.OperateAsync(account, new SetUserPolicies(name, [.. policies]));
        await server.OperateAsync(account, new CreateAccessKey(key.Id, key.Secret) { User = name });
        return (name, new Tenant(server, account, key));
    }

    private static AttachedPolicy Policy(PolicyEffect effect, string action) => new()
    {
        Name = effect.ToString(),
        Statements = [new PolicyStatement { Effect = effect, Actions = [action] }],
    };
}
