namespace KmsActors.Grains;

/// <summary>A tenant's state.</summary>
public sealed record AccountState
{
    /// <summary>When the account was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A tenant. Its number is the grain's name.</summary>
public sealed class AccountGrain : Grain<AccountState>
{
    /// <summary>Creates the account; once it exists this changes nothing.</summary>
    public Outcome<Done> Create()
    {
        if (Exists) return default(Done);
        State = new AccountState { CreatedAt = Now };
        Audit(AuditEvent.AccountCreated);
        return default(Done);
    }
}
