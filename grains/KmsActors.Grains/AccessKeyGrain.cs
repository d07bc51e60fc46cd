namespace KmsActors.Grains;

/// <summary>An access key's state.</summary>
public sealed record AccessKeyState
{
    /// <summary>The account on whose behalf it signs.</summary>
    public required string Account { get; init; }

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
    /// Creates the access key, or gives an existing one of the same account another secret (the root
    /// access key follows the environment at each start).
    /// </summary>
    public Outcome<Done> Create(string account, byte[] wrappedSecret)
    {
        if (Exists && State.Account != account) return Refusal.Invalid("AccessKeyId");
        State = new AccessKeyState
        {
            Account = account,
            WrappedSecret = wrappedSecret,
            Enabled = true,
            CreatedAt = Exists ? State.CreatedAt : Now,
        };
        Audit(AuditEvent.AccessKeyCreated);
        return default(Done);
    }

    /// <summary>Lets it sign again.</summary>
    public Outcome<Done> Enable() => SetEnabled(true, AuditEvent.AccessKeyEnabled);

    /// <summary>Forbids it to sign.</summary>
    public Outcome<Done> Disable() => SetEnabled(false, AuditEvent.AccessKeyDisabled);

    private Outcome<Done> SetEnabled(bool enabled, AuditEvent happened)
    {
        if (!Exists) return new Refusal(RefusalCode.AccessKeyNotFound);
        if (State.Enabled == enabled) return default(Done);
        State = State with { Enabled = enabled };
        Audit(happened);
        return default(Done);
    }
}
