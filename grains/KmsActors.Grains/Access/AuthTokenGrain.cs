namespace KmsActors.Grains;

/// <summary>A token's state; of the token itself only a hash is kept, and that is the grain's name.</summary>
public sealed record AuthTokenState
{
    /// <summary>The name of its user.</summary>
    public required string User { get; init; }

    /// <summary>The id of its user: another user of that name is another user.</summary>
    public required string UserId { get; init; }

    /// <summary>The user's generation of tokens that it is of.</summary>
    public required int Generation { get; init; }

    /// <summary>Whether it is for the account's project, rather than for the account.</summary>
    public required bool IsProjectScoped { get; init; }

    /// <summary>The id of that project; null for the first.</summary>
    public string? Project { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Refused from this instant on, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What a token is for.</summary>
/// <param name="IsProject">One of the account's projects, rather than the account.</param>
/// <param name="Project">The project's id; null for the first.</param>
public sealed record TokenScope(bool IsProject, string? Project = null)
{
    /// <summary>The account.</summary>
    public static TokenScope OfAccount { get; } = new(false);
}

/// <summary>The right to act as a user for 24 hours (seed 003, 2.2).</summary>
public sealed class AuthTokenGrain : Grain<AuthTokenState>
{
    /// <summary>How long a token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long an expired token is still answered as expired rather than unknown.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    internal override void CheckState()
    {
        if (StateOrNull is { } token)
            Invariant.That(token.ExpiresAt == token.IssuedAt + Lifetime, "a token lives 24 hours");
    }

    /// <summary>Issues the token to <paramref name="user"/>, who has just logged in.</summary>
    public Outcome<AuthTokenState> Issue(UserGrain user, TokenScope scope, long mostTokens)
    {
        Invariant.That(!Exists, "a token's name is used once");
        State = new AuthTokenState
        {
            User = user.Id.Name,
            UserId = user.State.Id,
            Generation = user.State.TokenGeneration,
            IsProjectScoped = scope.IsProject,
            Project = scope.Project,
            IssuedAt = Now,
            ExpiresAt = Now + Lifetime,
        };
        LimitCount(mostTokens);
        RemindAt(Reminder.ExpireToken, State.ExpiresAt + Remembered);
        Audit(AuditEvent.AuthTokenIssued);
        return State;
    }

    /// <summary>Takes the token back.</summary>
    public Outcome<Done> Revoke()
    {
        if (!Exists) return new Refusal(RefusalCode.TokenInvalid);
        Remove(AuditEvent.AuthTokenRevoked);
        return default(Done);
    }

    /// <summary>
    /// Why a token is not good at <paramref name="now"/>, or null: unknown or revoked, its account not active, its
    /// user gone or disabled or with another password since, or expired.
    /// </summary>
    public static Refusal? Check(AuthTokenState? token, AccountState? account, UserState? user, DateTimeOffset now)
    {
        var isKnown = token is not null
            && account is { IsActive: true }
            && user is { Enabled: true }
            && user.Id == token.UserId
            && user.TokenGeneration == token.Generation;
        if (!isKnown) return new Refusal(RefusalCode.TokenInvalid);
        return now >= token!.ExpiresAt ? new Refusal(RefusalCode.TokenExpired) : null;
    }

    /// <inheritdoc/>
    internal override void OnReminder(Reminder reminder)
    {
        Invariant.That(reminder == Reminder.ExpireToken, "tokens have one reminder");
        if (Exists && Now >= State.ExpiresAt) Remove(AuditEvent.AuthTokenExpired);
    }

    private void Remove(AuditEvent why)
    {
        StateOrNull = null;
        ForgetReminder(Reminder.ExpireToken);
        Audit(why);
    }
}
