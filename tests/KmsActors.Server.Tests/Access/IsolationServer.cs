using System.Text;
using KmsActors.Operations;
using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;

namespace KmsActors.Server.Tests.Access;

/// <summary>A server with an account that has something of everything, and a stranger who has as much.</summary>
public sealed class IsolationServer : TestServer
{
    private readonly Dictionary<(string Protocol, string Operation, string Account), Call> _calls = [];
    private string _ownersToken = "";

    internal Tenant Owner { get; private set; } = null!;

    internal Tenant Stranger { get; private set; } = null!;

    /// <summary>An alias of the owner's.</summary>
    internal string OwnersAlias { get; private set; } = "";

    /// <summary>The id of a user of the owner's.</summary>
    internal string OwnersUserId { get; private set; } = "";

    /// <summary>Who calls: the stranger himself, and a user of his who may do everything.</summary>
    internal Caller[] Callers { get; private set; } = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (Owner, Stranger) = (await NewTenantAsync(), await NewTenantAsync());
        foreach (var tenant in new[] { Owner, Stranger })
            await OperateAsync(tenant.Account, new CreateUser(tenant.Account) { Password = PasswordOf(tenant) });
        _ownersToken = await IamDialect.TokenAsync(Owner, Owner.Account);
        OwnersUserId = (await AboutOwnersTokenAsync())["token.user.id"];
        var project = new Project(Owner);
        var keyId = await project.KeyAsync();
        await project.TagAsync(keyId, "a", "b");
        OwnersAlias = await Owner.AliasAsync(keyId);

        var user = await AccountUser.OfAsync(Stranger, PasswordOf(Stranger));
        await user.MayAsync(AccountUser.Allow("*"));
        Callers =
        [
            new("the account", Stranger),
            new("a user", user.Tenant),
            new("the account by token", Stranger, await IamDialect.TokenAsync(Stranger, Stranger.Account)),
            new("a user by token", user.Tenant, await IamDialect.TokenAsync(Stranger, user.Name)),
        ];
    }

    /// <summary>A good call of an account's, made once: no refused one makes it any worse.</summary>
    internal async Task<Call> CallAsync(string protocol, string operation, Tenant account)
    {
        if (!_calls.TryGetValue((protocol, operation, account.Account), out var call))
        {
            call = await Dialect.All[protocol].StandingAsync(operation, account);
            _calls.Add((protocol, operation, account.Account), call);
        }

        return call;
    }

    /// <summary>All that the owner can read of what is his.</summary>
    internal async Task<string> PictureAsync()
    {
        var project = new Project(Owner);
        return string.Join(
            '\n',
            (await project.OkAsync("resource_instances/action", new { action = "filter", limit = "1000" })).Text,
            string.Join(' ', await Owner.AliasNamesAsync()),
            (await AboutOwnersTokenAsync()).Text);
    }

    private static byte[] PasswordOf(Tenant account) => Encoding.UTF8.GetBytes(IamDialect.PasswordOf(account));

    private async Task<IamAnswer> AboutOwnersTokenAsync() =>
        (await new IamClient(this).AboutTokenAsync("GET", _ownersToken, _ownersToken)).AssertStatus(200);
}
