using System.Collections.Immutable;
using System.Text.Json;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Grants of keys, as the grain keeps them and as they bear on what policies say.</summary>
public sealed class KeyGrantTests
{
    private const string User = "user-id";
    private const string Other = "other-user-id";

    private static readonly ImmutableArray<string> Names = ["kms:cmk:crypto"];

    [Fact]
    public void Grant_OfTheAccount_IsKeptAndTakenBack()
    {
        var key = Cmk(New());
        Assert.Null(CodeOf(key.AddGrant(Grant("1"))));
        Assert.Null(CodeOf(key.AddGrant(Grant("2"))));
        Assert.Null(CodeOf(key.RevokeGrant("1")));
        Assert.Equal("2", Assert.Single(key.State.Grants).Id);
        Assert.Equal(
            [AuditEvent.GrantCreated, AuditEvent.GrantCreated, AuditEvent.GrantRevoked], key.Effects.Audit);
        Assert.Equal(RefusalCode.GrantNotFound, CodeOf(key.RevokeGrant("1")));
        Assert.Equal(RefusalCode.GrantNotFound, CodeOf(key.RetireGrant("1")));
    }

    [Fact]
    public void Grants_OfAKey_AreAHundred()
    {
        var key = Cmk(New());
        for (var i = 0; i < CmkGrain.MostGrants; i++) Assert.Null(CodeOf(key.AddGrant(Grant($"{i}"))));
        Assert.Equal(RefusalCode.TooManyGrants, CodeOf(key.AddGrant(Grant("more"))));
        key.RevokeGrant("50");
        Assert.Null(CodeOf(key.AddGrant(Grant("more"))));
        key.State.Check();
    }

    [Fact]
    public void Grant_OfAKeyThatWaitsForItsDeletion_CanOnlyBeTakenBack()
    {
        var key = Cmk(New());
        key.AddGrant(Grant("1"));
        key.AddGrant(Grant("2"));
        key.ScheduleDeletion(TimeSpan.FromDays(7));
        Assert.Equal(RefusalCode.KeyPendingDeletion, CodeOf(key.AddGrant(Grant("3"))));
        Assert.Null(CodeOf(key.RevokeGrant("1")));
        Assert.Null(CodeOf(key.RetireGrant("2")));
    }

    [Fact]
    public void Grant_OfADefaultMasterKey_IsRefused()
    {
        var key = Cmk();
        key.Create(NewCmk() with { Alias = "obs/default" });
        Assert.Equal(RefusalCode.DefaultKeyProtected, CodeOf(key.AddGrant(Grant("1"))));
    }

    [Theory]
    [InlineData("encrypt-data", User, true)]
    [InlineData("decrypt-data", User, false)]
    [InlineData("encrypt-data", Other, false)]
    [InlineData(null, User, false)]
    public void Grant_ForAUser_AllowsThatUserWhatItSays(string? operation, string userId, bool isAllowed)
    {
        var rights = Rights.Of([], Names, "p", new GrantClaim(Account, userId, operation));
        Assert.Equal(operation is not null, rights.MayCall);
        Assert.Equal(isAllowed, rights.MayUse(KeyId, Granted(Grant("1"))));
        Assert.False(rights.MayUse(KeyId, New()));
    }

    [Theory]
    [InlineData(Account, true)]
    [InlineData("another", false)]
    public void Grant_ForTheAccount_AllowsAllItsUsers(string account, bool isAllowed)
    {
        var rights = Rights.Of([], Names, "p", new GrantClaim(account, Other, "encrypt-data"));
        var key = Granted(Grant("1") with { Grantee = Account, IsForAccount = true });
        Assert.Equal(isAllowed, rights.MayUse(KeyId, key));
    }

    [Fact]
    public void Grant_AgainstAPolicyThatDenies_AllowsNothing()
    {
        var claim = new GrantClaim(Account, User, "encrypt-data");
        Assert.False(Rights.Of([Policy(PolicyEffect.Deny)], Names, "p", claim).MayUse(KeyId, Granted(Grant("1"))));
        Assert.True(Rights.Of([Policy(PolicyEffect.Allow)], Names, "p", claim).MayUse(KeyId, New()));
    }

    [Theory]
    [InlineData("encrypt-data", null)]
    [InlineData("create-grant", null)]
    [InlineData("decrypt-data", RefusalCode.KeyForbidden)]
    public void GrantOfTheRightToGrant_PassesOnWhatItSaysItself(string operation, RefusalCode? expected)
    {
        var state = Granted(Grant("1", "encrypt-data", "create-grant"));
        var key = As(User, "create-grant", state);
        Assert.Equal(expected, CodeOf(key.AddGrant(Grant("2", "encrypt-data", operation) with { Grantee = Other })));
        var stranger = As(Other, "create-grant", state);
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(stranger.AddGrant(Grant("2"))));
    }

    [Fact]
    public void Grant_IsGivenUpByWhomItNamesForThat()
    {
        var state = Granted(Grant("1"), Grant("2", "retire-grant"), Grant("3") with { RetiringUser = Other });
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(As(User, "retire-grant", state).RetireGrant("1")));
        Assert.Null(CodeOf(As(User, "retire-grant", state).RetireGrant("2")));
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(As(User, "retire-grant", state).RetireGrant("3")));
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(As(Other, "retire-grant", state).RetireGrant("2")));
        Assert.Null(CodeOf(As(Other, "retire-grant", state).RetireGrant("3")));
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(As(Other, "retire-grant", state).RetireGrant("none")));
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(As(Other, "retire-grant", null).RetireGrant("3")));
        Assert.Null(CodeOf(Cmk(state).RetireGrant("1")));
    }

    [Fact]
    public void Grants_AreStoredWithTheKey()
    {
        var state = Granted(Grant("1", "encrypt-data", "sign") with { RetiringUser = Other });
        var json = JsonSerializer.Serialize(state, GrainCatalog.StateJson(GrainKind.Cmk));
        var back = (CmkState)JsonSerializer.Deserialize(json, GrainCatalog.StateJson(GrainKind.Cmk))!;
        Assert.Equal(["encrypt-data", "sign"], Assert.Single(back.Grants).Operations);
        Assert.Equal(json, JsonSerializer.Serialize(back, GrainCatalog.StateJson(GrainKind.Cmk)));
    }

    private static CmkGrain As(string userId, string operation, CmkState? state)
    {
        var key = Cmk(state);
        key.Rights = Rights.Of([], Names, "p", new GrantClaim(Account, userId, operation));
        return key;
    }

    private static CmkState Granted(params ImmutableArray<KeyGrant> grants) => New() with { Grants = grants };

    private static KeyGrant Grant(string id, params string[] operations) => new()
    {
        Id = id,
        Name = "",
        Grantee = User,
        IsForAccount = false,
        Operations = [.. operations.Length == 0 ? ["encrypt-data"] : operations],
        Issuer = Account,
        CreatedAt = Start,
    };

    private static AttachedPolicy Policy(PolicyEffect effect) => new()
    {
        Name = "n",
        Statements = [new PolicyStatement { Effect = effect, Actions = ["kms:*"] }],
    };
}
