using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>A key's own name: given with the key, changed with its alias, one at a time.</summary>
public sealed class OwnNameTests
{
    private const string Other = "another key";

    [Fact]
    public void Create_WithAName_HasItInStateAndListing()
    {
        var key = Cmk();
        key.Create(NewCmk() with { Alias = "own" });
        Assert.Equal("own", key.State.Alias);
        Assert.Equal("own", Assert.IsType<KeyListing>(key.Listing).Alias);
        Assert.Null(New().Alias);
    }

    [Theory]
    [InlineData("service/default", true)]
    [InlineData("/default", true)]
    [InlineData("service/Default", false)]
    [InlineData("default", false)]
    [InlineData("service/default/", false)]
    [InlineData(null, false)]
    public void IsDefault_ByItsOwnName_IsOfTheSuffixOnly(string? name, bool isDefault) =>
        Assert.Equal(isDefault, (New() with { Alias = name }).IsDefault);

    [Fact]
    public void Name_OfAKeyWithout_MakesAnAliasThatCounts()
    {
        var (alias, key) = (Alias("own"), Key(New()));
        Assert.Null(CodeOf(alias.Name(key, null, 5)));
        Assert.Equal("own", key.State.Alias);
        Assert.Equal(KeyId, alias.State.KeyId);
        Assert.Equal(5, alias.Effects.CountLimit);
        Assert.Equal([AuditEvent.AliasCreated], alias.Effects.Audit);
        Assert.Equal([AuditEvent.KeyRenamed], key.Effects.Audit);
    }

    [Fact]
    public void Name_OfAKeyThatHasOne_ReplacesItsAlias_WhateverTheAccountsNumber()
    {
        var (alias, before, key) = (Alias("new"), Alias("own", KeyId), Key(New() with { Alias = "own" }));
        Assert.Null(CodeOf(alias.Name(key, before, 5)));
        Assert.Equal("new", key.State.Alias);
        Assert.Equal(KeyId, alias.State.KeyId);
        Assert.False(before.Exists);
        Assert.Equal([AuditEvent.AliasDeleted], before.Effects.Audit);
        Assert.Equal(long.MaxValue, alias.Effects.CountLimit);
    }

    // Whether the name is another key's or an alias of this one: it is taken.
    [Theory]
    [InlineData(Other)]
    [InlineData(KeyId)]
    public void Name_Taken_IsRefusedAndChangesNothing(string keyId)
    {
        var state = New() with { Alias = "own" };
        var (alias, before, key) = (Alias("taken", keyId), Alias("own", KeyId), Key(state));
        Assert.Equal(RefusalCode.AliasExists, CodeOf(alias.Name(key, before, 5)));
        Assert.Equal(keyId, alias.State.KeyId);
        Assert.True(before.Exists);
        Assert.Same(state, key.State);
    }

    [Fact]
    public void Name_OfAKeyThatMayNotChangeIt_IsRefused()
    {
        var pending = In(KeyState.PendingDeletion, KeySpec.Aes256);
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Alias("new").Name(Cmk(), null, 5)));
        Assert.Equal(RefusalCode.KeyPendingDeletion, CodeOf(Alias("new").Name(Key(pending), null, 5)));
        // Also before a name that is taken.
        Assert.Equal(RefusalCode.KeyPendingDeletion, CodeOf(Alias("new", Other).Name(Key(pending), null, 5)));
        var (before, key) = (Alias("service/default", KeyId), Key(New() with { Alias = "service/default" }));
        Assert.Equal(RefusalCode.DefaultKeyProtected, CodeOf(Alias("new").Name(key, before, 5)));
        Assert.True(before.Exists);
    }

    [Fact]
    public void Name_WithoutTheAliasOfTheNameBefore_IsAFault()
    {
        var named = New() with { Alias = "own" };
        Assert.Throws<InvariantException>(() => Alias("new").Name(Key(named), null, 5));
        Assert.Throws<InvariantException>(() => Alias("new").Name(Key(named), Alias("a", KeyId), 5));
        Assert.Throws<InvariantException>(() => Alias("new").Name(Key(named), Alias("own", Other), 5));
        Assert.Throws<InvariantException>(() => Alias("new").Name(Key(New()), Alias("own", KeyId), 5));
    }

    [Fact]
    public void Name_OfADefaultMasterKey_ForAKeyThatIsNone_IsAFault() =>
        Assert.Throws<InvariantException>(() => Alias("service/default").Name(Key(New()), null, 5));

    [Fact]
    public void OnReminder_OfItsDeletion_LeavesNoName()
    {
        var key = Key(New() with { Alias = "own", EnterpriseProject = "project" });
        key.ScheduleDeletion(TimeSpan.FromDays(7));
        var gone = Cmk(key.State, Start.AddDays(7));
        gone.OnReminder(Reminder.DeleteKey);
        Assert.Null(gone.State.Alias);
        var tombstone = gone.State;
        gone.ForgetName("own");
        Assert.Same(tombstone, gone.State);
    }

    [Fact]
    public void EnterpriseProject_NotChosen_IsTheDefaultOne()
    {
        Assert.Equal("0", New().EnterpriseProject);
        Assert.Equal("0", Assert.IsType<KeyListing>(Cmk(New()).Listing).EnterpriseProject);
    }

    [Fact]
    public void EnterpriseProject_Chosen_StaysWithTheKey()
    {
        var key = Key(null);
        key.Create(NewCmk() with { EnterpriseProject = "project" });
        key.Disable();
        key.ScheduleDeletion(TimeSpan.FromDays(7));
        Assert.Equal("project", key.State.EnterpriseProject);
        Assert.Equal("project", Assert.IsType<KeyListing>(key.Listing).EnterpriseProject);
    }

    private static CmkGrain Key(CmkState? state) => Cmk(state, lifecycle: CmkLifecycle.Huawei);

    private static AliasGrain Alias(string name, string? keyId = null) => new()
    {
        Id = GrainId.OfAlias(Account, name),
        Now = Start,
        StateObject = keyId is null ? null : new AliasState(keyId),
    };
}
