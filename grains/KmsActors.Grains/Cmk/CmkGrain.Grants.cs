namespace KmsActors.Grains;

/// <summary>Grants: who, beside those whom policies allow, may do something with the key.</summary>
public sealed partial class CmkGrain
{
    /// <summary>The most grants of a key (seed 003, 4.1.14).</summary>
    public const int MostGrants = 100;

    /// <summary>
    /// Adds a grant. Who may do so by a grant alone can pass on no more than grants allow him.
    /// </summary>
    public Outcome<Done> AddGrant(KeyGrant grant)
    {
        if (Forbids(KeyCommand.Annotate) is { } refusal) return refusal;
        if (!Rights.MayPassOn(Id.Name, State, grant.Operations)) return new Refusal(RefusalCode.KeyForbidden);
        if (State.Grants.Length >= MostGrants) return new Refusal(RefusalCode.TooManyGrants);
        State = State with { Grants = State.Grants.Add(grant) };
        Audit(AuditEvent.GrantCreated);
        return default(Done);
    }

    /// <summary>Takes a grant back, on behalf of whoever administers the key.</summary>
    public Outcome<Done> RevokeGrant(string grantId)
    {
        if (Forbids(KeyCommand.Read) is { } refusal) return refusal;
        return Find(grantId) is { } grant
            ? Remove(grant, AuditEvent.GrantRevoked)
            : new Refusal(RefusalCode.GrantNotFound);
    }

    /// <summary>Gives a grant up, on behalf of whom it names for that, or who could revoke it.</summary>
    public Outcome<Done> RetireGrant(string grantId)
    {
        var grant = Exists && !State.IsGoneAt(Now) ? Find(grantId) : null;
        if (grant is not null && Rights.MayRetire(Id.Name, State, grant)) return Remove(grant, AuditEvent.GrantRetired);
        return Forbids(KeyCommand.Read) ?? new Refusal(RefusalCode.GrantNotFound);
    }

    private KeyGrant? Find(string grantId) => State.Grants.FirstOrDefault(grant => grant.Id == grantId);

    private Outcome<Done> Remove(KeyGrant grant, AuditEvent happened)
    {
        State = State with { Grants = State.Grants.Remove(grant) };
        Audit(happened);
        return default(Done);
    }
}
