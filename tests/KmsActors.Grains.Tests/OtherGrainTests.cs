using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

public sealed class OtherGrainTests
{
    private static ImportTokenGrain Token(ImportTokenState? state, DateTimeOffset? now = null) =>
        new() { Id = GrainId.OfImportToken(Account, "t"), Now = now ?? Start, StateObject = state };

    private static ImportTokenState Issued()
    {
        var token = Token(null);
        var state = new ImportTokenState
        {
            KeyId = KeyId,
            Wrapping = "Pkcs1",
            TokenHash = [1],
            WrappedPrivateKey = [2],
            ExpiresAt = Start + ImportTokenGrain.Lifetime,
        };
        Assert.Null(CodeOf(token.Issue(Cmk(New(KeyOrigin.External)), state, 10)));
        Assert.Equal(state.ExpiresAt, token.Effects.Reminders[Reminder.ExpireToken]);
        return token.State;
    }

    [Fact]
    public void Token_UsedOnce_IsGone()
    {
        var token = Token(Issued());
        Assert.Null(CodeOf(token.Use()));
        Assert.False(token.Exists);
        Assert.Equal(RefusalCode.ImportTokenInvalid, CodeOf(token.Use()));
    }

    [Fact]
    public void Token_FromItsExpiryOn_IsExpired_WhetherOrNotTheReminderFired()
    {
        var issued = Issued();
        var expiry = issued.ExpiresAt;
        Assert.Null(ImportTokenGrain.Check(issued, expiry.AddTicks(-1)));
        Assert.Equal(RefusalCode.ImportTokenExpired, CodeOf(Token(issued, expiry).Use()));

        var fired = Token(issued, expiry);
        fired.OnReminder(Reminder.ExpireToken);
        Assert.Empty(fired.State.WrappedPrivateKey);
        Assert.Equal(RefusalCode.ImportTokenExpired, CodeOf(Token(fired.State, expiry.AddHours(1)).Use()));
        // By a clock that is behind that by which it fired.
        Assert.Equal(RefusalCode.ImportTokenExpired, ImportTokenGrain.Check(fired.State, expiry.AddSeconds(-1))?.Code);

        var forgotten = Token(fired.State, expiry + ImportTokenGrain.Remembered);
        forgotten.OnReminder(Reminder.ExpireToken);
        Assert.False(forgotten.Exists);
    }

    [Fact]
    public void Token_AfterTooManyFailures_IsGone()
    {
        var token = Token(Issued());
        for (var i = 1; i < ImportTokenGrain.MostFailedAttempts; i++) token.RecordFailure();
        Assert.True(token.Exists);
        token.RecordFailure();
        Assert.False(token.Exists);
    }

    [Fact]
    public void StateJson_RoundTripsAndKeepsTagOrderOrdinal()
    {
        var grain = Cmk(New(KeyOrigin.External));
        grain.ImportMaterial(Import(expiry: Start.AddDays(1)));
        grain.Tag([new("b", "1"), new("B", "2"), new("a", "3")]);
        var json = System.Text.Json.JsonSerializer.Serialize(grain.State, GrainJson.Default.CmkState);
        var back = System.Text.Json.JsonSerializer.Deserialize(json, GrainJson.Default.CmkState)!;
        Assert.Equal(["B", "a", "b"], back.Tags.Keys);
        Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(back, GrainJson.Default.CmkState));
        back.Check();
    }
}
