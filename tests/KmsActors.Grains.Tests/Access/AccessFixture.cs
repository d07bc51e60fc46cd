using System.Collections.Immutable;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Users, groups, tokens and policies without a host.</summary>
internal static class AccessFixture
{
    public const string UserId = "0123456789abcdef0123456789abcdef";
    public const string GroupId = "fedcba9876543210fedcba9876543210";

    public static readonly PasswordHash Password = new() { Iterations = 1, Salt = new byte[16], Hash = new byte[64] };

    public static UserGrain User(UserState? state = null, DateTimeOffset? now = null, string name = "alice") =>
        new() { Id = GrainId.OfUser(Account, name), Now = now ?? Start, StateObject = state };

    public static UserState NewUser(PasswordHash? password = null)
    {
        var user = User();
        Assert.Null(CodeOf(user.Create(ExistingAccount(), UserId, password ?? Password, 10)));
        return user.State;
    }

    public static GroupGrain Group(GroupState? state = null, string name = "staff") =>
        new() { Id = GrainId.OfGroup(Account, name), Now = Start, StateObject = state };

    public static GroupGrain ExistingGroup(string name = "staff", string id = GroupId) =>
        Group(new GroupState { Id = id, CreatedAt = Start }, name);

    public static AccountGrain ExistingAccount()
    {
        var account = new AccountGrain { Id = GrainId.OfAccount(Account), Now = Start };
        account.Create();
        return account;
    }

    public static AccountState ActiveAccount { get; } = ExistingAccount().State;

    /// <summary>Deletes a user without access keys.</summary>
    public static Outcome<Done> Delete(this UserGrain user) => user.Delete([]);

    /// <summary>A login by the password of a generation.</summary>
    public static Outcome<Done> LogIn(this UserGrain user, int generation, PasswordHash? rehashed) =>
        user.LogIn(Before(user, generation), rehashed);

    /// <summary>The same that failed.</summary>
    public static Outcome<Done> RecordFailedLogin(this UserGrain user, int generation) =>
        user.RecordFailedLogin(Before(user, generation));

    private static UserState Before(UserGrain user, int generation) =>
        (user.Exists ? user.State : NewUser()) with { TokenGeneration = generation };

    /// <summary>Issues a token for the account's first project.</summary>
    public static Outcome<AuthTokenState> Issue(this AuthTokenGrain token, UserGrain user, long mostTokens) =>
        token.Issue(user, new TokenScope(true), mostTokens);

    public static PolicyStatement Allow(string action, params string[] keys) => Of(PolicyEffect.Allow, action, keys);

    public static PolicyStatement Deny(string action, params string[] keys) => Of(PolicyEffect.Deny, action, keys);

    public static AttachedPolicy Policy(params PolicyStatement[] statements) => Policy(PolicyScope.All, statements);

    public static AttachedPolicy Policy(PolicyScope scope, params PolicyStatement[] statements) =>
        new() { Name = "p", Scope = scope, Statements = [.. statements] };

    private static PolicyStatement Of(PolicyEffect effect, string action, string[] keys) =>
        new() { Effect = effect, Actions = [action], Resources = ImmutableArray.Create(keys) };
}
