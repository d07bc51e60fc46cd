using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests;

/// <summary>A user of an account.</summary>
/// <param name="Tenant">The account, signed for by the user.</param>
/// <param name="Name">The user's name.</param>
internal sealed record AccountUser(Tenant Tenant, string Name)
{
    private static int s_users;

    /// <summary>A new one, who may do nothing.</summary>
    public static async Task<AccountUser> OfAsync(Tenant account, byte[]? password = null)
    {
        var name = $"user-{Interlocked.Increment(ref s_users)}";
        var key = new Credentials($"key-of-{Guid.NewGuid():N}", "secret-of-a-user");
        var secret = password is null ? (ReadOnlyMemory<byte>?)null : password;
        await account.Server.OperateAsync(account.Account, new CreateUser(name) { Password = secret });
        await account.Server.OperateAsync(account.Account, new CreateAccessKey(key.Id, key.Secret) { User = name });
        return new AccountUser(account with { Key = key }, name);
    }

    public static PolicyStatement Allow(string action, params IEnumerable<string> keys) =>
        new() { Effect = PolicyEffect.Allow, Actions = [action], Resources = [.. keys] };

    public static PolicyStatement Deny(string action, params IEnumerable<string> keys) =>
        Allow(action, keys) with { Effect = PolicyEffect.Deny };

    /// <summary>From now on he may do what these statements say, and nothing else.</summary>
    public Task MayAsync(params PolicyStatement[] statements) => MayAsync(PolicyScope.All, statements);

    public Task MayAsync(PolicyScope scope, params PolicyStatement[] statements)
    {
        var policy = new AttachedPolicy { Name = "only", Scope = scope, Statements = [.. statements] };
        return Tenant.Server.OperateAsync(
            Tenant.Account, new SetUserPolicies(Name, statements is [] ? [] : [policy]));
    }
}
