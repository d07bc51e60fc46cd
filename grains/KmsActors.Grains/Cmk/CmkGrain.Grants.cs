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
    public Outcome<Done> RevokeGrant(string grantId) =>
        Forbids(KeyCommand.Read) is { } refusal ? refusal : Remove(Find(grantId), AuditEvent.GrantRevoked);

    /// <summary>Gives a grant up, on behalf of whom it names for that, or who could revoke it.</summary>
    public Outcome<Done> RetireGrant(string grantId)
    {
        if (Forbids(KeyCommand.Read) is { Code: not RefusalCode.KeyForbidden } refusal) return refusal;
        var grant = Find(grantId);
        return Rights.MayRetire(Id.Name, State, grant)
            ? Remove(grant, AuditEvent.GrantRetired)
            : new Refusal(RefusalCode.KeyForbidden);
    }

    private KeyGrant? Find(string grantId) => State.Grants.FirstOrDefault(grant => grant.Id == grantId);

    private Outcome<Done> Remove(KeyGrant? grant, AuditEvent happened)
    {
        if (grant is null) return new Refusal(RefusalCode.GrantNotFound);
        State = State with { Grants = State.Grants.Remove(grant) };
        Audit(happened);
        return default(Done);
    }
}
