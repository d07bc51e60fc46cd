using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Aliases that are no key's own name, and what alias calls do to own names.</summary>
public sealed class AliasGrainTests
{
    private const string Other = "another key";

    private static readonly CmkState Named = New() with { Alias = "own" };

    [Fact]
    public void Create_Taken_IsRefused() =>
        Assert.Equal(RefusalCode.AliasExists, CodeOf(Alias("a", Other).Create(Cmk(New()), 10)));

    [Fact]
    public void Create_ForAnUnknownKey_IsRefused() =>
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Alias("a").Create(Cmk(), 10)));

    [Theory]
    [InlineData("a")]
    [InlineData("a/default")]
    public void Create_ForAKey_IsNoOwnNameOfIt(string name)
    {
        var key = Cmk(Named);
        Assert.Null(CodeOf(Alias(name).Create(key, 10)));
        Assert.Same(Named, key.State);
        Assert.False(key.State.IsDefault);
    }

    [Fact]
    public void Update_Unknown_IsRefused() =>
        Assert.Equal(RefusalCode.AliasNotFound, CodeOf(Alias("a").Update(Cmk(New()), Cmk(New()))));

    [Fact]
    public void Update_ToTheSameKey_ChangesNothing()
    {
        var alias = Alias("own", KeyId);
        var (before, key) = (alias.State, Cmk(Named));
        Assert.Null(CodeOf(alias.Update(key, key)));
        Assert.Same(before, alias.State);
        Assert.Same(Named, key.State);
    }

    [Fact]
    public void Update_OfAKeysOwnName_TakesItFromTheKeyItLeaves_AndIsNoOwnNameOfTheOther()
    {
        var target = Cmk(New() with { Alias = "its own" }, keyId: Other);
        var (alias, left) = (Alias("own", KeyId), Cmk(Named));
        Assert.Null(CodeOf(alias.Update(target, left)));
        Assert.Equal(Other, alias.State.KeyId);
        Assert.Null(left.State.Alias);
        Assert.Equal("", Assert.IsType<KeyListing>(left.Listing).Alias);
        Assert.Equal("its own", target.State.Alias);
        Assert.Equal([AuditEvent.AliasUpdated], alias.Effects.Audit);
    }

    [Fact]
    public void Update_OfAnAliasThatIsNoOwnName_LeavesTheOwnName()
    {
        var left = Cmk(Named);
        Assert.Null(CodeOf(Alias("a", KeyId).Update(Cmk(New(), keyId: Other), left)));
        Assert.Same(Named, left.State);
    }

    [Theory]
    [InlineData(KeyState.PendingDeletion, RefusalCode.KeyPendingDeletion)]
    [InlineData(null, RefusalCode.KeyNotFound)]
    public void Update_ToAKeyThatRefuses_LeavesTheOwnName(KeyState? state, RefusalCode code)
    {
        var target = Cmk(state is null ? null : In(state.Value, KeySpec.Aes256), keyId: Other);
        var (alias, left) = (Alias("own", KeyId), Cmk(Named));
        Assert.Equal(code, CodeOf(alias.Update(target, left)));
        Assert.Equal(KeyId, alias.State.KeyId);
        Assert.Same(Named, left.State);
    }

    [Fact]
    public void Delete_Unknown_IsRefused() =>
        Assert.Equal(RefusalCode.AliasNotFound, CodeOf(Alias("a").Delete(Cmk(New()))));

    [Theory]
    [InlineData(KeyState.Enabled)]
    [InlineData(KeyState.Disabled)]
    [InlineData(KeyState.PendingDeletion)]
    public void Delete_OfAKeysOwnName_LeavesTheKeyWithout_WhateverItsState(KeyState state)
    {
        var (alias, key) = (Alias("own", KeyId), Cmk(In(state, KeySpec.Aes256) with { Alias = "own" }));
        Assert.Null(CodeOf(alias.Delete(key)));
        Assert.False(alias.Exists);
        Assert.Null(key.State.Alias);
        Assert.Equal(state, key.State.KeyState);
        Assert.Equal([AuditEvent.AliasDeleted], alias.Effects.Audit);
    }

    [Fact]
    public void Delete_OfAnAliasThatIsNoOwnName_LeavesTheOwnName()
    {
        var key = Cmk(Named);
        Assert.Null(CodeOf(Alias("a", KeyId).Delete(key)));
        Assert.Same(Named, key.State);
    }

    [Fact]
    public void DeleteAndUpdate_WithoutTheKeyItStandsFor_AreFaults()
    {
        Assert.Throws<InvariantException>(() => Alias("a", Other).Delete(Cmk(Named)));
        Assert.Throws<InvariantException>(() => Alias("a", Other).Update(Cmk(Named), Cmk(Named)));
    }

    // It is its name that makes it one: whoever could take that away could delete the key next.
    [Fact]
    public void DeleteAndUpdate_OfADefaultMasterKeysOwnName_AreRefused()
    {
        var state = New() with { Alias = "service/default" };
        var (alias, key) = (Alias("service/default", KeyId), Cmk(state));
        Assert.Equal(RefusalCode.DefaultKeyProtected, CodeOf(alias.Delete(key)));
        Assert.Equal(RefusalCode.DefaultKeyProtected, CodeOf(alias.Update(Cmk(New(), keyId: Other), key)));
        Assert.Equal(KeyId, alias.State.KeyId);
        Assert.Same(state, key.State);
        Assert.Null(CodeOf(Alias("a", KeyId).Delete(key)));
    }

    [Fact]
    public void Alias_IsOwnedByItsKey_SoThatItGoesWithIt() => Assert.Equal(KeyId, Alias("a", KeyId).OwnerKeyId);

    private static AliasGrain Alias(string name, string? keyId = null) => new()
    {
        Id = GrainId.OfAlias(Account, name),
        Now = Start,
        StateObject = keyId is null ? null : new AliasState(keyId),
    };
}
