using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>What failed logins do to a user, by the clock.</summary>
public sealed class LoginTests
{
    [Fact]
    public void RecordFailedLogin_FromTheFifthOn_DoublesTheWait_UpToAQuarterOfAnHour()
    {
        int[] waits = [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
        var (state, now) = (NewUser(), Start);
        foreach (var wait in waits)
        {
            var user = User(state, now);
            Assert.Null(CodeOf(user.RecordFailedLogin(0)));
            Assert.Equal([AuditEvent.LoginFailed], user.Effects.Audit);
            user.CheckState();
            state = user.State;
            Assert.Equal(wait == 0 ? null : now.AddSeconds(wait), state.LockedUntil);
            now = state.LockedUntil ?? now;
        }

        Assert.Equal(waits.Length, state.FailedLogins);
    }

    [Fact]
    public void RecordFailedLogin_WhileLocked_IsNotLookedAt()
    {
        var state = Locked();
        var user = User(state, state.LockedUntil!.Value.AddTicks(-1));
        Assert.Null(CodeOf(user.RecordFailedLogin(0)));
        Assert.Same(state, user.State);
    }

    [Fact]
    public void LogIn_WhileLocked_IsAsIfThePasswordWereWrong_AndFromThenOnIsGood()
    {
        var state = Locked();
        var until = state.LockedUntil!.Value;
        Assert.Equal(RefusalCode.PasswordWrong, CodeOf(User(state, until.AddTicks(-1)).LogIn(0, null)));
        var user = User(state, until);
        Assert.Null(CodeOf(user.LogIn(0, null)));
        Assert.Equal((0, null), (user.State.FailedLogins, user.State.LockedUntil));
    }

    [Fact]
    public void LogIn_WithoutFailures_ChangesNothing()
    {
        var state = NewUser();
        var user = User(state);
        Assert.Null(CodeOf(user.LogIn(0, null)));
        Assert.Same(state, user.State);
    }

    [Fact]
    public void LogIn_WithAHashMadeAnew_KeepsIt_AndTheTokens()
    {
        var user = User(NewUser());
        var rehashed = Password with { Iterations = 2 };
        Assert.Null(CodeOf(user.LogIn(0, rehashed)));
        Assert.Equal((rehashed, 0), (user.State.Password, user.State.TokenGeneration));
        Assert.Equal([AuditEvent.PasswordRehashed], user.Effects.Audit);
    }

    [Fact]
    public void LogIn_ByAPasswordThatWasChangedMeanwhile_IsRefused()
    {
        var user = User(NewUser());
        user.SetPassword(Password);
        Assert.Equal(RefusalCode.PasswordWrong, CodeOf(user.LogIn(0, null)));
        Assert.Null(CodeOf(user.LogIn(1, null)));
    }

    [Fact]
    public void LogIn_OfADisabledOrDeletedUser_IsRefused_AndFailuresAreNotCounted()
    {
        var disabled = User(NewUser() with { Enabled = false });
        Assert.Equal(RefusalCode.PasswordWrong, CodeOf(disabled.LogIn(0, null)));
        Assert.Null(CodeOf(disabled.RecordFailedLogin(0)));
        Assert.Equal(0, disabled.State.FailedLogins);
        Assert.Equal(RefusalCode.PasswordWrong, CodeOf(User().LogIn(0, null)));
        Assert.Null(CodeOf(User().RecordFailedLogin(0)));
    }

    [Fact]
    public void RecordFailedLogin_OfTheMostThereCanBe_StaysLocked()
    {
        var user = User(NewUser() with { FailedLogins = int.MaxValue });
        Assert.Null(CodeOf(user.RecordFailedLogin(0)));
        Assert.Equal((int.MaxValue, Start + UserGrain.LongestLock), (user.State.FailedLogins, user.State.LockedUntil));
    }

    private static UserState Locked()
    {
        var user = User(NewUser());
        for (var i = 0; i < UserGrain.FreeAttempts; i++) user.RecordFailedLogin(0);
        Assert.NotNull(user.State.LockedUntil);
        return user.State;
    }

    [Fact]
    public void Login_AsAnotherUserOfTheName_IsNone()
    {
        var before = NewUser() with { Id = GroupId };
        var user = User(NewUser());
        Assert.Equal(RefusalCode.PasswordWrong, CodeOf(user.LogIn(before, Password)));
        Assert.Null(CodeOf(user.RecordFailedLogin(before)));
        Assert.Equal(0, user.State.FailedLogins);
        Assert.Empty(user.Effects.Audit);
    }
}
