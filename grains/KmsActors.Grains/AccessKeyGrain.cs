namespace KmsActors.Grains;

/// <summary>An access key's state.</summary>
public sealed record AccessKeyState
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
}

/// <summary>The id and secret that sign requests. The id is the grain's name.</summary>
public sealed class AccessKeyGrain : Grain<AccessKeyState>
{
    /// <summary>
    /// Creates the access key, or gives an existing one of the same account and user another secret (the
    /// root access key follows the environment at each start).
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="user">One of its users, or null for the account itself.</param>
    /// <param name="wrappedSecret">The secret.</param>
    public Outcome<Done> Create(AccountGrain account, UserGrain? user, byte[] wrappedSecret)
    {
        if (!account.Exists || !IsFreeFor(account.Id.Name, user?.Id.Name)) return Refusal.Invalid("AccessKeyId");
        if (user is { Exists: false }) return new Refusal(RefusalCode.UserNotFound);
        State = new AccessKeyState
        {
            Account = account.Id.Name,
            User = user?.Id.Name,
            UserId = user?.State.Id,
            WrappedSecret = wrappedSecret,
            Enabled = true,
            CreatedAt = Exists ? State.CreatedAt : Now,
        };
        Audit(AuditEvent.AccessKeyCreated);
        return default(Done);
    }

    /// <summary>Lets it sign, or forbids it; on behalf of <paramref name="account"/>.</summary>
    public Outcome<Done> SetEnabled(string account, bool enabled)
    {
        if (StateOrNull?.Account != account) return new Refusal(RefusalCode.AccessKeyNotFound);
        if (State.Enabled == enabled) return default(Done);
        State = State with { Enabled = enabled };
        Audit(enabled ? AuditEvent.AccessKeyEnabled : AuditEvent.AccessKeyDisabled);
        return default(Done);
    }

    /// <summary>Whether <paramref name="user"/> is the one it signs for, and may act.</summary>
    public static bool IsOf(AccessKeyState accessKey, UserState? user) =>
        user is { Enabled: true } && user.Id == accessKey.UserId;

    private bool IsFreeFor(string account, string? user) =>
        StateOrNull is null || (State.Account == account && State.User == user);
}
