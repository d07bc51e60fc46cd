using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

public sealed class UserGrainTests
{
    [Fact]
    public void Create_New_HasNoRights()
    {
        var state = NewUser();
        Assert.Equal((UserId, Start, true), (state.Id, state.CreatedAt, state.Enabled));
        Assert.Empty(state.Policies);
        Assert.Empty(state.Groups);
        state.Check();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a/b")]
    [InlineData("用户")]
    [InlineData("a\n")]
    public void Create_OfABadName_IsRefused(string name) =>
        Assert.Equal(Refusal.Invalid("Name"), User(name: name).Create(ExistingAccount(), UserId, null, 10).Refusal);

    [Fact]
    public void Create_Twice_IsRefused() =>
        Assert.Equal(RefusalCode.UserExists, CodeOf(User(NewUser()).Create(ExistingAccount(), UserId, null, 10)));

    [Fact]
    public void Create_WithoutTheAccount_IsRefused() =>
        Assert.NotNull(CodeOf(User().Create(new AccountGrain { Id = GrainId.OfAccount(Account) }, UserId, null, 10)));

    [Fact]
    public void Anything_OfAnUnknownUser_IsRefused() => Assert.All(
        [
            CodeOf(User().Delete()), CodeOf(User().SetEnabled(true)), CodeOf(User().SetPassword(null)),
            CodeOf(User().Join(ExistingGroup())), CodeOf(User().Leave("staff")), CodeOf(User().SetPolicies([])),
        ],
        code => Assert.Equal(RefusalCode.UserNotFound, code));

    [Fact]
    public void Delete_LeavesNothing()
    {
        var user = User(NewUser());
        Assert.Null(CodeOf(user.Delete()));
        Assert.False(user.Exists);
        Assert.Equal([AuditEvent.UserDeleted], user.Effects.Audit);
    }

    [Fact]
    public void SetEnabled_Off_EndsTheTokens_AndOnAgainDoesNotBringThemBack()
    {
        var user = User(NewUser());
        Assert.Null(CodeOf(user.SetEnabled(false)));
        Assert.Equal((false, 1), (user.State.Enabled, user.State.TokenGeneration));
        Assert.Null(CodeOf(user.SetEnabled(true)));
        Assert.Equal((true, 1), (user.State.Enabled, user.State.TokenGeneration));
        Assert.Equal([AuditEvent.UserDisabled, AuditEvent.UserEnabled], user.Effects.Audit);
    }

    [Fact]
    public void SetEnabled_ToWhatItIs_ChangesNothing()
    {
        var state = NewUser();
        var user = User(state);
        Assert.Null(CodeOf(user.SetEnabled(true)));
        Assert.Same(state, user.State);
    }

    [Fact]
    public void SetPassword_EndsTheTokens_AndForgetsFailures()
    {
        var user = User(NewUser());
        for (var i = 0; i < 7; i++) user.RecordFailedLogin(0);
        Assert.Null(CodeOf(user.SetPassword(Password)));
        Assert.Equal((0, null, 1), (user.State.FailedLogins, user.State.LockedUntil, user.State.TokenGeneration));
    }

    [Fact]
    public void Join_AndLeave_KeepTheGroupsId()
    {
        var user = User(NewUser());
        Assert.Null(CodeOf(user.Join(ExistingGroup())));
        Assert.Equal(GroupId, user.State.Groups["staff"]);
        var once = user.State;
        Assert.Null(CodeOf(user.Join(ExistingGroup())));
        Assert.Same(once, user.State);
        Assert.Null(CodeOf(user.Join(ExistingGroup(id: UserId))));
        Assert.Equal(UserId, user.State.Groups["staff"]);
        Assert.Null(CodeOf(user.Leave("other")));
        Assert.Null(CodeOf(user.Leave("staff")));
        Assert.Empty(user.State.Groups);
    }

    [Fact]
    public void Join_AGroupThatIsNone_IsRefused() =>
        Assert.Equal(RefusalCode.GroupNotFound, CodeOf(User(NewUser()).Join(Group())));

    [Fact]
    public void Join_TenGroups_AndNotOneMore()
    {
        var user = User(NewUser());
        for (var i = 0; i < AccessRules.MostGroups; i++) Assert.Null(CodeOf(user.Join(ExistingGroup($"g{i}"))));
        Assert.Equal(RefusalCode.LimitExceeded, CodeOf(user.Join(ExistingGroup("g10"))));
        Assert.Null(CodeOf(user.Join(ExistingGroup("g3"))));
        user.CheckState();
    }

    [Fact]
    public void SetPolicies_Replaces_AndTheSameChangesNothing()
    {
        var user = User(NewUser());
        Assert.Null(CodeOf(user.SetPolicies([Policy(Allow("kms:*"))])));
        var once = user.State;
        Assert.Null(CodeOf(user.SetPolicies([Policy(Allow("kms:*"))])));
        Assert.Same(once, user.State);
        Assert.Null(CodeOf(user.SetPolicies([])));
        Assert.Empty(user.State.Policies);
        Assert.Equal([AuditEvent.UserPoliciesChanged, AuditEvent.UserPoliciesChanged], user.Effects.Audit);
    }

    [Fact]
    public void TheAccountItself_TakesNoPoliciesAndNoGroups()
    {
        var state = NewUser();
        Assert.Equal(Refusal.Invalid("User"), User(state, name: Account).SetPolicies([Policy(Deny("*"))]).Refusal);
        Assert.Equal(Refusal.Invalid("User"), User(state, name: Account).Join(ExistingGroup()).Refusal);
    }

    [Fact]
    public void ToString_SaysNothingOfThePassword() =>
        Assert.Contains("Password = PasswordHash,", NewUser().ToString(), StringComparison.Ordinal);

    public static TheoryData<UserState> Contradictions() => new(
        NewUser() with { Id = "x" },
        NewUser() with { Id = UserId.ToUpperInvariant() },
        NewUser() with { FailedLogins = -1 },
        NewUser() with { LockedUntil = Start, FailedLogins = 4 },
        NewUser() with { Password = Password with { Salt = [1] } },
        NewUser() with { Password = Password with { Iterations = 0 } },
        NewUser() with { Policies = [Policy(Allow(""))] });

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void CheckState_OfAContradiction_Throws(UserState state) =>
        Assert.Throws<InvariantException>(() => User(state).CheckState());
}
