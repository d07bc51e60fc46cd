using System.Text.Json;
using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>What rights mean to keys and aliases, and what of users is stored.</summary>
public sealed class KeyRightsTests
{
    private static readonly Rights OfAnotherKey = Rights.Of([Policy(Allow("a", "other"))], ["a"], "");

    [Fact]
    public void Forbids_WithoutTheRight_ComesAfterNotFound_AndBeforeAllElse()
    {
        var unknown = Cmk();
        unknown.Rights = OfAnotherKey;
        Assert.Equal(RefusalCode.KeyNotFound, unknown.Forbids(KeyCommand.Read)?.Code);
        foreach (var state in Enum.GetValues<KeyState>())
        {
            foreach (var command in Enum.GetValues<KeyCommand>())
            {
                var key = Cmk(ExternalIn(state) with { Alias = "a/default" });
                key.Rights = OfAnotherKey;
                Assert.Equal(RefusalCode.KeyForbidden, key.Forbids(command)?.Code);
            }
        }
    }

    [Fact]
    public void Forbids_ByEnterpriseProject()
    {
        var key = Cmk(New() with { EnterpriseProject = "7" });
        key.Rights = Rights.Of([Policy(PolicyScope.OfEnterpriseProject("7"), Allow("a"))], ["a"], "");
        Assert.Null(key.Forbids(KeyCommand.EncryptDecrypt));
        key.Rights = Rights.Of([Policy(PolicyScope.OfEnterpriseProject("8"), Allow("a"))], ["a"], "");
        Assert.Equal(RefusalCode.KeyForbidden, key.Forbids(KeyCommand.EncryptDecrypt)?.Code);
    }

    [Fact]
    public void Alias_IsNeitherTakenFromAKeyNorDeleted_WithoutTheRightToThatKey()
    {
        var left = Cmk(New());
        left.Rights = OfAnotherKey;
        var alias = new AliasGrain { Id = GrainId.OfAlias(Account, "a"), Now = Start, StateObject = new AliasState(KeyId) };
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(alias.Delete(left)));
        Assert.Equal(RefusalCode.KeyForbidden, CodeOf(alias.Update(Cmk(New(), keyId: "other"), left)));
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(alias.Update(Cmk(keyId: "other"), left)));
        left.Rights = Rights.Full;
        Assert.Null(CodeOf(alias.Update(Cmk(New(), keyId: "other"), left)));
    }

    [Fact]
    public void AccessKeyState_WrittenBeforeThereWereUsers_IsTheAccountsOwn()
    {
        const string first =
            """
            {"Account":"1","WrappedSecret":"AQI=","Enabled":true,"CreatedAt":"2026-01-01T00:00:00+00:00"}
            """;
        var state = (AccessKeyState)JsonSerializer.Deserialize(first, GrainCatalog.StateJson(GrainKind.AccessKey))!;
        Assert.Equal(("1", null, null), (state.Account, state.User, state.UserId));
        Assert.Equal(first, JsonSerializer.Serialize(state, GrainCatalog.StateJson(GrainKind.AccessKey)));
    }

    [Theory]
    [InlineData(GrainKind.User)]
    [InlineData(GrainKind.Group)]
    [InlineData(GrainKind.AuthToken)]
    public void State_WithEverything_ComesBackAsItWas(GrainKind kind)
    {
        var user = User(NewUser());
        user.Join(ExistingGroup("b"));
        user.Join(ExistingGroup("B"));
        user.SetPolicies([Policy(PolicyScope.OfProject("x"), Allow("kms:*", "k"), Deny("kms:cmk:get"))]);
        for (var i = 0; i < 6; i++) user.RecordFailedLogin(0);
        var group = ExistingGroup();
        group.SetPolicies([Policy(PolicyScope.OfEnterpriseProject("0"), Allow("*"))]);
        var token = new AuthTokenGrain { Id = GrainId.OfAuthToken(Account, "t"), Now = Start };
        token.Issue(user, 1);
        Grain before = kind switch { GrainKind.User => user, GrainKind.Group => group, _ => token };
        var json = JsonSerializer.Serialize(before.StateObject, GrainCatalog.StateJson(kind));

        var after = GrainCatalog.New(kind);
        after.StateObject = JsonSerializer.Deserialize(json, GrainCatalog.StateJson(kind));

        after.CheckState();
        Assert.Equal(json, JsonSerializer.Serialize(after.StateObject, GrainCatalog.StateJson(kind)));
        if (after is UserGrain read) Assert.Equal(["B", "b"], read.State.Groups.Keys);
        if (after is UserGrain { State: var same }) Assert.Equal(user.State.Policies.AsEnumerable(), same.Policies);
    }
}
