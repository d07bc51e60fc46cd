using System.Collections.Immutable;
using System.Text.Json;
using static KmsActors.Grains.Tests.GrainFixture;
using static KmsActors.Grains.Tests.GrantFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Grants of keys, as the grain keeps them.</summary>
public sealed class KeyGrantTests
{
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
    [InlineData("encrypt-data", null)]
    [InlineData("create-grant", null)]
    [InlineData("decrypt-data", RefusalCode.KeyForbidden)]
    public void GrantOfTheRightToGrant_PassesOnWhatItSaysItself(string operation, RefusalCode? expected)
    {
        var state = Granted(Grant("1", "encrypt-data", "create-grant"));
        var key = As(User, "create-grant", state);
        Assert.Equal(expected, CodeOf(key.AddGrant(Grant("2", "encrypt-data", operation) with { Grantee = Other })));
        var stranger = As(Other, "create-grant", state);
        Assert.Equal(RefusalCode.CallForbidden, CodeOf(stranger.AddGrant(Grant("2"))));
    }

    [Fact]
    public void Grant_IsGivenUpByWhomItNamesForThat()
    {
        var state = Granted(Grant("1"), Grant("2", "retire-grant"), Grant("3") with { RetiringUser = Other });
        Assert.Equal(RefusalCode.GrantNotFound, CodeOf(As(User, "retire-grant", state).RetireGrant("1")));
        Assert.Null(CodeOf(As(User, "retire-grant", state).RetireGrant("2")));
        Assert.Equal(RefusalCode.GrantNotFound, CodeOf(As(User, "retire-grant", state).RetireGrant("3")));
        Assert.Equal(RefusalCode.CallForbidden, CodeOf(As(Other, "retire-grant", state).RetireGrant("2")));
        Assert.Null(CodeOf(As(Other, "retire-grant", state).RetireGrant("3")));
        Assert.Equal(RefusalCode.CallForbidden, CodeOf(As(Other, "retire-grant", state).RetireGrant("none")));
        Assert.Equal(RefusalCode.CallForbidden, CodeOf(As(Other, "retire-grant", null).RetireGrant("3")));
        Assert.Null(CodeOf(Cmk(state).RetireGrant("1")));
        Assert.Equal(RefusalCode.GrantNotFound, CodeOf(Cmk(state).RetireGrant("none")));
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Cmk().RetireGrant("1")));
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
}
