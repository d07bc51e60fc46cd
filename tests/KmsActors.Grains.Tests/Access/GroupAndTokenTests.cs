using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

public sealed class GroupAndTokenTests
{
    [Fact]
    public void Group_IsCreatedOnce_GivenPolicies_AndDeleted()
    {
        var group = Group();
        Assert.Null(CodeOf(group.Create(ExistingAccount(), GroupId, 10)));
        Assert.Equal(RefusalCode.GroupExists, CodeOf(group.Create(ExistingAccount(), GroupId, 10)));
        Assert.Null(CodeOf(group.SetPolicies([Policy(Allow("kms:*"))])));
        var once = group.State;
        Assert.Null(CodeOf(group.SetPolicies([Policy(Allow("kms:*"))])));
        Assert.Same(once, group.State);
        group.CheckState();
        Assert.Null(CodeOf(group.Delete()));
        Assert.Equal(
            [AuditEvent.GroupCreated, AuditEvent.GroupPoliciesChanged, AuditEvent.GroupDeleted], group.Effects.Audit);
    }

    [Fact]
    public void Group_ThatIsNone_IsNotFound()
    {
        Assert.Equal(RefusalCode.GroupNotFound, CodeOf(Group().Delete()));
        Assert.Equal(RefusalCode.GroupNotFound, CodeOf(Group().SetPolicies([])));
        Assert.Equal(Refusal.Invalid("Name"), Group(name: "a/b").Create(ExistingAccount(), GroupId, 10).Refusal);
        Assert.Equal(
            RefusalCode.AccountNotFound,
            CodeOf(Group().Create(new AccountGrain { Id = GrainId.OfAccount("x") }, GroupId, 10)));
        Assert.Throws<InvariantException>(() => Group(new GroupState { Id = "", CreatedAt = Start }).CheckState());
    }

    [Fact]
    public void Token_Issued_SaysWhoseItIs_AndIsForgottenAnHourAfterItsDay()
    {
        var token = Token();
        var user = User(NewUser() with { TokenGeneration = 3 });
        var issued = token.Issue(user, 10).Value;
        Assert.Equal(("alice", UserId, 3, true), (issued.User, issued.UserId, issued.Generation, issued.IsProjectScoped));
        Assert.Equal((Start, Start.AddHours(24)), (issued.IssuedAt, issued.ExpiresAt));
        Assert.Equal(Start.AddHours(25), token.Effects.Reminders[Reminder.ExpireToken]);
        Assert.Equal(10, token.Effects.CountLimit);
        token.CheckState();
    }

    [Fact]
    public void Check_ByTheClock_IsExpiredFromTheInstantOn()
    {
        var token = Issued();
        Assert.Null(AuthTokenGrain.Check(token, ActiveAccount, NewUser(), Start.AddHours(24).AddTicks(-1)));
        Assert.Equal(RefusalCode.TokenExpired, AuthTokenGrain.Check(token, ActiveAccount, NewUser(), Start.AddHours(24))?.Code);
    }

    [Fact]
    public void Check_OfATokenUserOrAccountThatIsNotAsItWas_IsInvalid_ExpiredOrNot()
    {
        var active = ActiveAccount;
        (AuthTokenState?, AccountState?, UserState?)[] cases =
        [
            (null, active, NewUser()),
            (Issued(), active, null),
            (Issued(), active, NewUser() with { Enabled = false }),
            (Issued(), active, NewUser() with { TokenGeneration = 1 }),
            (Issued(), active, NewUser() with { Id = GroupId }),
            (Issued(), null, NewUser()),
            (Issued(), active with { Status = AccountStatus.Suspended }, NewUser()),
            (Issued(), active with { Status = AccountStatus.PendingDeletion }, NewUser()),
            (Issued(), active with { Status = AccountStatus.Deleting }, NewUser()),
        ];
        foreach (var (token, account, user) in cases)
        {
            Assert.Equal(RefusalCode.TokenInvalid, AuthTokenGrain.Check(token, account, user, Start)?.Code);
            Assert.Equal(RefusalCode.TokenInvalid, AuthTokenGrain.Check(token, account, user, Start.AddDays(2))?.Code);
        }
    }

    [Fact]
    public void Token_Revoked_IsGone_WithItsReminder()
    {
        var token = Token(Issued());
        Assert.Null(CodeOf(token.Revoke()));
        Assert.False(token.Exists);
        Assert.Null(token.Effects.Reminders[Reminder.ExpireToken]);
        Assert.Equal(RefusalCode.TokenInvalid, CodeOf(token.Revoke()));
    }

    [Fact]
    public void Token_ByItsReminder_IsGone_ButNeverBeforeItsTime()
    {
        var early = Token(Issued(), Start.AddHours(24).AddTicks(-1));
        early.OnReminder(Reminder.ExpireToken);
        Assert.True(early.Exists);
        var token = Token(Issued(), Start.AddHours(25));
        token.OnReminder(Reminder.ExpireToken);
        Assert.False(token.Exists);
        Assert.Equal([AuditEvent.AuthTokenExpired], token.Effects.Audit);
        token.OnReminder(Reminder.ExpireToken);
        Assert.Single(token.Effects.Audit);
    }

    [Fact]
    public void Token_OfAnotherLife_Contradicts() => Assert.Throws<InvariantException>(
        () => Token(Issued() with { ExpiresAt = Start.AddHours(25) }).CheckState());

    private static AuthTokenGrain Token(AuthTokenState? state = null, DateTimeOffset? now = null) =>
        new() { Id = GrainId.OfAuthToken(Account, "hash"), Now = now ?? Start, StateObject = state };

    private static AuthTokenState Issued() => Token().Issue(User(NewUser()), 10).Value;
}
