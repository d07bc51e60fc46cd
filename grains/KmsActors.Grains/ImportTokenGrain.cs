namespace KmsActors.Grains;

/// <summary>An import token's state.</summary>
public sealed record ImportTokenState : IHoldsWrapped
{
    /// <summary>The only CMK it is good for.</summary>
    public required string KeyId { get; init; }

    /// <summary>The only wrapping algorithm it is good for, by the HSA's name.</summary>
    public required string Wrapping { get; init; }

    /// <summary>SHA-256 of the token as issued.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The private wrapping key, wrapped by the HSA for this token; empty once expired.</summary>
    public required byte[] WrappedPrivateKey { get; init; }

    /// <summary>Refused from this instant on, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How many imports with it failed.</summary>
    public int FailedAttempts { get; init; }

    /// <inheritdoc/>
    IEnumerable<byte[]> IHoldsWrapped.Wrapped => WrappedPrivateKey is [] ? [] : [WrappedPrivateKey];

    /// <inheritdoc/>
    IHoldsWrapped IHoldsWrapped.Rewrapped(Func<byte[], byte[]> rewrap) =>
        WrappedPrivateKey is [] ? this with { } : this with { WrappedPrivateKey = rewrap(WrappedPrivateKey) };
}

/// <summary>The right to import key material into one CMK, once, within 24 hours (seed 001, 4.2).</summary>
public sealed class ImportTokenGrain : Grain<ImportTokenState>
{
    /// <summary>How long a token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long an expired token is still answered as expired rather than unknown.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    /// <summary>
    /// How many failed imports kill a token. Bounds what an RSAES_PKCS1_V1_5 padding oracle could learn.
    /// </summary>
    public const int MostFailedAttempts = 16;

    /// <summary>Issues the token for <paramref name="key"/>.</summary>
    public Outcome<Done> Issue(CmkGrain key, ImportTokenState state, long mostTokens)
    {
        Invariant.That(!Exists, "a token's name is used once");
        Invariant.That(state.KeyId == key.Id.Name, "the token is for this key");
        if (key.Forbids(KeyCommand.GetImportParameters) is { } refusal) return refusal;
        State = state;
        LimitCount(mostTokens);
        RemindAt(Reminder.ExpireToken, state.ExpiresAt);
        Audit(AuditEvent.ImportTokenIssued);
        return default(Done);
    }

    /// <summary>Uses the token up for its key.</summary>
    public Outcome<Done> Use()
    {
        if (Check(StateOrNull, Now) is { } refusal) return refusal;
        Remove(AuditEvent.ImportTokenUsed);
        return default(Done);
    }

    /// <summary>Counts an import that failed; the last one kills the token.</summary>
    public Outcome<Done> RecordFailure()
    {
        if (!Exists) return default(Done);
        if (State.FailedAttempts + 1 >= MostFailedAttempts)
        {
            Remove(AuditEvent.ImportAttemptFailed);
            return default(Done);
        }

        State = State with { FailedAttempts = State.FailedAttempts + 1 };
        Audit(AuditEvent.ImportAttemptFailed);
        return default(Done);
    }

    /// <summary>Why a token with <paramref name="state"/> may not be used at <paramref name="now"/>, or null.</summary>
    public static Refusal? Check(ImportTokenState? state, DateTimeOffset now) => state switch
    {
        null => new Refusal(RefusalCode.ImportTokenInvalid),
        // A node whose clock is ahead of this one's may have expired it.
        { WrappedPrivateKey: [] } => new Refusal(RefusalCode.ImportTokenExpired),
        _ when now >= state.ExpiresAt => new Refusal(RefusalCode.ImportTokenExpired),
        _ => null,
    };

    /// <inheritdoc/>
    internal override string? OwnerKeyId => StateOrNull?.KeyId;

    /// <inheritdoc/>
    internal override void OnReminder(Reminder reminder)
    {
        Invariant.That(reminder == Reminder.ExpireToken, "tokens have one reminder");
        if (!Exists) return;
        if (Now >= State.ExpiresAt + Remembered)
        {
            Remove(AuditEvent.ImportTokenForgotten);
            return;
        }

        State = State with { WrappedPrivateKey = [] };
        RemindAt(Reminder.ExpireToken, State.ExpiresAt + Remembered);
        Audit(AuditEvent.ImportTokenExpired);
    }

    private void Remove(AuditEvent why)
    {
        StateOrNull = null;
        ForgetReminder(Reminder.ExpireToken);
        Audit(why);
    }
}
