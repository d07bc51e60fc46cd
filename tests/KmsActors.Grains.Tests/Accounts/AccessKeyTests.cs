using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Access keys and those who hold them.</summary>
public sealed class AccessKeyTests
{
    private readonly AccountGrain _account = ExistingAccount();
    private readonly UserGrain _user = User(NewUser());

    [Fact]
    public void Create_ForTheAccount_IsHeldByIt()
    {
        var key = Created("ak");
        Assert.Equal((Account, null, null), (key.State.Account, key.State.User, key.State.UserId));
        Assert.Equal(["ak"], _account.State.AccessKeys);
        Assert.Empty(_user.State.AccessKeys);
        Assert.Null(key.State.ExpiresAt);
    }

    [Fact]
    public void Create_ForAUser_IsHeldByHim()
    {
        var key = Created("ak", _user);
        Assert.Equal((Account, "alice", UserId), (key.State.Account, key.State.User, key.State.UserId));
        Assert.Equal(["ak"], _user.State.AccessKeys);
        Assert.Empty(_account.State.AccessKeys);
        Assert.True(AccessKeyGrain.IsOf(key.State, NewUser()));
        Assert.False(AccessKeyGrain.IsOf(key.State, null));
        Assert.False(AccessKeyGrain.IsOf(key.State, NewUser() with { Enabled = false }));
        Assert.False(AccessKeyGrain.IsOf(key.State, NewUser() with { Id = GroupId }));
    }

    [Fact]
    public void Create_OfAnIdThatThereIs_IsRefused_Whosever()
    {
        var key = Created("ak");
        Assert.Equal(RefusalCode.AccessKeyExists, CodeOf(key.Create(_account, null, [2])));
        Assert.Equal(RefusalCode.AccessKeyExists, CodeOf(key.Create(_account, _user, [2])));
        Assert.Equal(RefusalCode.AccessKeyExists, CodeOf(key.Create(ExistingAccount(), null, [2])));
        Assert.Equal([1], key.State.WrappedSecret);
    }

    [Fact]
    public void Create_ForNobody_IsRefused()
    {
        var none = new AccountGrain { Id = GrainId.OfAccount("x") };
        Assert.Equal(RefusalCode.AccountNotFound, CodeOf(Key("ak").Create(none, null, [1])));
        Assert.Equal(RefusalCode.UserNotFound, CodeOf(Key("ak").Create(_account, User(), [1])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_OfTheEleventh_IsRefused(bool ofUser)
    {
        var holder = ofUser ? _user : null;
        for (var i = 0; i < AccountGrain.MostAccessKeys; i++) Created($"ak{i}", holder);
        Assert.Equal(RefusalCode.LimitExceeded, CodeOf(Key("one more").Create(_account, holder, [1])));
        Assert.Null(CodeOf(Key("other holder").Create(_account, ofUser ? null : _user, [1])));
    }

    [Fact]
    public void Put_GivesTheAccountsOwnAnotherSecret_AndNobodyElses()
    {
        var key = Key("ak");
        Assert.Null(CodeOf(key.Put(_account, [1])));
        Assert.Null(CodeOf(key.Put(_account, [2])));
        Assert.Equal([2], key.State.WrappedSecret);
        Assert.Equal(["ak"], _account.State.AccessKeys);
        Assert.Equal(RefusalCode.AccessKeyExists, CodeOf(Created("his", _user).Put(_account, [1])));
        var another = new AccountGrain { Id = GrainId.OfAccount("2"), Now = Start };
        Assert.Equal(RefusalCode.AccountNotFound, CodeOf(key.Put(another, [3])));
        another.Create();
        Assert.Equal(RefusalCode.AccessKeyExists, CodeOf(key.Put(another, [3])));
    }

    [Fact]
    public void Put_IntoAnAccountThatIsBeingErased_IsRefused()
    {
        _account.ScheduleDeletion(0);
        Assert.Null(CodeOf(Key("ak").Put(_account, [1])));
        _account.Now += AccountGrain.LeastBeforeErasure;
        Assert.True(_account.BeginErasure().Value);
        Assert.Equal(RefusalCode.AccountStateFailed, CodeOf(Key("another").Put(_account, [1])));
    }

    [Fact]
    public void SetEnabled_ByAnotherAccount_IsNotFound()
    {
        var key = Created("ak");
        Assert.Equal(RefusalCode.AccessKeyNotFound, CodeOf(key.SetEnabled("2", false)));
        Assert.Null(CodeOf(key.SetEnabled(Account, false)));
        Assert.False(key.State.IsActiveAt(Start));
        Assert.Null(CodeOf(key.SetEnabled(Account, true)));
        Assert.True(key.State.IsActiveAt(Start));
        Assert.Equal(
            [AuditEvent.AccessKeyCreated, AuditEvent.AccessKeyDisabled, AuditEvent.AccessKeyEnabled], key.Effects.Audit);
    }

    [Fact]
    public void Replace_LetsTheOldOneSignUntilTheOverlapIsOver()
    {
        var (old, key) = (Created("old", _user), Key("new"));
        Assert.Null(CodeOf(key.Replace(old, _account, _user, [2], TimeSpan.FromHours(1))));
        Assert.Equal(["new", "old"], _user.State.AccessKeys);
        Assert.True(old.State.IsActiveAt(Start.AddHours(1).AddTicks(-1)));
        Assert.False(old.State.IsActiveAt(Start.AddHours(1)));
        Assert.Equal(Start.AddHours(1), old.Effects.Reminders[Reminder.ExpireAccessKey]);
        Assert.Null(key.State.ExpiresAt);

        // Again, with a longer overlap: it does not live longer for that.
        Assert.Null(CodeOf(Key("newer").Replace(old, _account, _user, [3], TimeSpan.FromHours(2))));
        Assert.Equal(Start.AddHours(1), old.State.ExpiresAt);
    }

    [Fact]
    public void Put_OfOneThatIsBeingReplaced_LetsItLive()
    {
        var old = Created("old");
        Assert.Null(CodeOf(Key("new").Replace(old, _account, null, [2], TimeSpan.FromHours(1))));
        Assert.Null(CodeOf(old.Put(_account, [3])));
        Assert.Null(old.State.ExpiresAt);
        Assert.Null(old.Effects.Reminders[Reminder.ExpireAccessKey]);
    }

    [Fact]
    public void Replace_WithoutOverlap_RemovesTheOldOne()
    {
        var old = Created("old");
        for (var i = 1; i < AccountGrain.MostAccessKeys; i++) Created($"ak{i}");
        Assert.Null(CodeOf(Key("new").Replace(old, _account, null, [2], TimeSpan.Zero)));
        Assert.False(old.Exists);
        Assert.Contains("new", _account.State.AccessKeys);
        Assert.DoesNotContain("old", _account.State.AccessKeys);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30 * TimeSpan.TicksPerDay + 1)]
    public void Replace_WithAnOverlapThatIsNone_IsRefused(long ticks) => Assert.Equal(
        RefusalCode.ParameterInvalid,
        CodeOf(Key("new").Replace(Created("old"), _account, null, [2], TimeSpan.FromTicks(ticks))));

    [Fact]
    public void Replace_OfWhatThereIsNot_IsNotFound() => Assert.Equal(
        RefusalCode.AccessKeyNotFound,
        CodeOf(Key("new").Replace(Key("old"), _account, null, [2], AccessKeyGrain.MostOverlap)));

    [Fact]
    public void Delete_TakesItFromItsHolder_WhoNeedNotBeThere()
    {
        var (own, his) = (Created("own"), Created("his", _user));
        Assert.Null(CodeOf(own.Delete(_account, null)));
        Assert.Null(CodeOf(his.Delete(_account, _user)));
        Assert.False(own.Exists || his.Exists);
        Assert.Empty(_account.State.AccessKeys);
        Assert.Empty(_user.State.AccessKeys);
        Assert.Equal(RefusalCode.AccessKeyNotFound, CodeOf(own.Delete(_account, null)));
        Assert.Null(CodeOf(Created("orphan", User(NewUser())).Delete(_account, User())));
    }

    [Fact]
    public void WhatIsAnothersByNow_IsNeitherDeletedNorReplaced()
    {
        var his = Created("ak", _user);
        var other = User(NewUser(), name: "bob");
        Assert.Equal(RefusalCode.AccessKeyNotFound, CodeOf(his.Delete(_account, null)));
        Assert.Equal(RefusalCode.AccessKeyNotFound, CodeOf(his.Delete(_account, other)));
        Assert.Equal(
            RefusalCode.AccessKeyNotFound, CodeOf(Key("new").Replace(his, _account, null, [2], TimeSpan.Zero)));
        Assert.True(his.Exists);
        Assert.Equal(["ak"], _user.State.AccessKeys);
    }

    [Fact]
    public void UserDelete_TakesHisAccessKeysAlong()
    {
        AccessKeyGrain[] keys = [Created("a", _user), Created("b", _user)];
        Assert.Throws<InvariantException>(() => _user.Delete([keys[0]]));
        Assert.Null(CodeOf(_user.Delete(keys)));
        Assert.All(keys, key => Assert.False(key.Exists));
    }

    [Fact]
    public void States_OfBefore_HoldNone_AndComeBackAsTheyWere()
    {
        var json = System.Text.Json.JsonSerializer.Serialize(
            Created("ak", _user).State with { ExpiresAt = Start }, GrainJson.Default.AccessKeyState);
        Assert.Equal(Start, System.Text.Json.JsonSerializer.Deserialize(json, GrainJson.Default.AccessKeyState)!.ExpiresAt);
        var user = System.Text.Json.JsonSerializer.Serialize(_user.State, GrainJson.Default.UserState);
        Assert.Equal(
            ["ak"], System.Text.Json.JsonSerializer.Deserialize(user, GrainJson.Default.UserState)!.AccessKeys);
        var before = user.Replace(",\"AccessKeys\":[\"ak\"]", "", StringComparison.Ordinal);
        Assert.NotEqual(user, before);
        Assert.Empty(System.Text.Json.JsonSerializer.Deserialize(before, GrainJson.Default.UserState)!.AccessKeys);
    }

    private AccessKeyGrain Created(string id, UserGrain? user = null)
    {
        var key = Key(id);
        Assert.Null(CodeOf(key.Create(_account, user, [1])));
        return key;
    }

    private static AccessKeyGrain Key(string id) => new() { Id = GrainId.OfAccessKey(id), Now = Start };
}
