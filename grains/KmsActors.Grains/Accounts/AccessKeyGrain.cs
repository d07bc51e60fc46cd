namespace KmsActors.Grains;

/// <summary>An access key's state.</summary>
public sealed record AccessKeyState : IHoldsWrapped
{
    /// <summary>The account on whose behalf it signs.</summary>
    public required string Account { get; init; }

    /// <summary>The name of the user on whose behalf it signs; null for the account itself.</summary>
    public string? User { get; init; }

    /// <summary>The id of that user: another user of that name is another user.</summary>
    public string? UserId { get; init; }

    /// <summary>The secret, wrapped by the HSA for this access key id.</summary>
    public required byte[] WrappedSecret { get; init; }

    /// <summary>Whether it may sign.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Refused from this instant on, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it may sign at <paramref name="now"/>.</summary>
    public bool IsActiveAt(DateTimeOffset now) => Enabled && !(now >= ExpiresAt);

    /// <inheritdoc/>
    IEnumerable<byte[]> IHoldsWrapped.Wrapped => [WrappedSecret];

    /// <inheritdoc/>
    IHoldsWrapped IHoldsWrapped.Rewrapped(Func<byte[], byte[]> rewrap) =>
        this with { WrappedSecret = rewrap(WrappedSecret) };
}

/// <summary>The id and secret that sign requests. The id is the grain's name.</summary>
public sealed class AccessKeyGrain : Grain<AccessKeyState>
{
    /// <summary>The longest time for which the key that another replaces goes on signing.</summary>
    public static readonly TimeSpan MostOverlap = TimeSpan.FromDays(30);

    /// <summary>Creates the access key.</summary>
    /// <param name="account">The account.</param>
    /// <param name="user">One of its users, or null for the account itself.</param>
    /// <param name="wrappedSecret">The secret.</param>
    public Outcome<Done> Create(AccountGrain account, UserGrain? user, byte[] wrappedSecret)
    {
        if (account.Closed() is { } closed) return closed;
        if (user is { Exists: false }) return new Refusal(RefusalCode.UserNotFound);
        if (Exists) return new Refusal(RefusalCode.AccessKeyExists);
        var held = user?.State.AccessKeys ?? account.State.AccessKeys;
        if (held.Count >= AccountGrain.MostAccessKeys) return new Refusal(RefusalCode.LimitExceeded);
        Give(account, user, wrappedSecret);
        return default(Done);
    }

    /// <summary>
    /// Creates the access key for the account itself, or gives the account's own of this id another secret: the
    /// root access key follows the environment at each start.
    /// </summary>
    public Outcome<Done> Put(AccountGrain account, byte[] wrappedSecret)
    {
        if (!account.Exists) return new Refusal(RefusalCode.AccountNotFound);
        // It goes with the access keys that it has had: another would be left over.
        if (account.State.Status == AccountStatus.Deleting) return new Refusal(RefusalCode.AccountStateFailed);
        if (Exists && (State.Account != account.Id.Name || State.User is not null))
            return new Refusal(RefusalCode.AccessKeyExists);
        Give(account, null, wrappedSecret);
        return default(Done);
    }

    /// <summary>Lets it sign, or forbids it; on behalf of <paramref name="account"/>.</summary>
    public Outcome<Done> SetEnabled(string account, bool enabled)
    {
        if (NotFound(account) is { } refusal) return refusal;
        if (State.Enabled == enabled) return default(Done);
        State = State with { Enabled = enabled };
        Audit(enabled ? AuditEvent.AccessKeyEnabled : AuditEvent.AccessKeyDisabled);
        return default(Done);
    }

    /// <summary>
    /// Puts this new access key in the place of <paramref name="old"/>, which signs for <paramref name="overlap"/>
    /// longer, or not at all.
    /// </summary>
    public Outcome<Done> Replace(
        AccessKeyGrain old, AccountGrain account, UserGrain? user, byte[] wrappedSecret, TimeSpan overlap)
    {
        if (old.NotFound(account.Id.Name, user) is { } refusal) return refusal;
        if (overlap < TimeSpan.Zero || overlap > MostOverlap) return Refusal.Invalid("Overlap");
        if (overlap == TimeSpan.Zero) old.Delete(account, user);
        else old.ExpireAt(Now + overlap);
        return Create(account, user, wrappedSecret);
    }

    /// <summary>Whether it is refused because its time is over.</summary>
    public bool HasExpired => Exists && Now >= State.ExpiresAt;

    /// <summary>Removes it. Whoever held it need not be there any more.</summary>
    public Outcome<Done> Delete(AccountGrain account, UserGrain? user)
    {
        if (NotFound(account.Id.Name, user) is { } refusal) return refusal;
        if (user is null) account.LetGo(Id.Name);
        else user.LetGo(Id.Name);
        Erase(AuditEvent.AccessKeyDeleted);
        return default(Done);
    }

    /// <summary>Whether <paramref name="user"/> is the one it signs for, and may act.</summary>
    public static bool IsOf(AccessKeyState accessKey, UserState? user) =>
        user is { Enabled: true } && user.Id == accessKey.UserId;

    private void Give(AccountGrain account, UserGrain? user, byte[] wrappedSecret)
    {
        State = new AccessKeyState
        {
            Account = account.Id.Name,
            User = user?.Id.Name,
            UserId = user?.State.Id,
            WrappedSecret = wrappedSecret,
            Enabled = true,
            CreatedAt = Exists ? State.CreatedAt : Now,
        };
        if (user is null) account.Hold(Id.Name);
        else user.Hold(Id.Name);
        // The end of one that was to be replaced is not that of its successor under the same id.
        ForgetReminder(Reminder.ExpireAccessKey);
        Audit(AuditEvent.AccessKeyCreated);
    }

    // Never later than it would have been.
    private void ExpireAt(DateTimeOffset end)
    {
        if (State.ExpiresAt <= end) return;
        State = State with { ExpiresAt = end };
        RemindAt(Reminder.ExpireAccessKey, end);
        Audit(AuditEvent.AccessKeyReplaced);
    }

    // Another may have been made of its id since it was looked at, for somebody else of the account.
    private Refusal? NotFound(string account, UserGrain? user) =>
        NotFound(account) ?? (State.User == user?.Id.Name ? null : new Refusal(RefusalCode.AccessKeyNotFound));

    private Refusal? NotFound(string account) =>
        StateOrNull?.Account == account ? null : new Refusal(RefusalCode.AccessKeyNotFound);
}
