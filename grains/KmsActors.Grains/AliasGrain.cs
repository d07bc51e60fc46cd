namespace KmsActors.Grains;

/// <summary>An alias's state.</summary>
/// <param name="KeyId">The CMK it stands for.</param>
public sealed record AliasState(string KeyId);

/// <summary>
/// A name that stands for a CMK of the same account. Every change is a turn over the alias and the CMK
/// together, so an alias never points at a key that is gone.
/// </summary>
public sealed class AliasGrain : Grain<AliasState>
{
    /// <summary>Binds the new alias to <paramref name="target"/> (seed 001, 4.14).</summary>
    public Outcome<Done> Create(CmkGrain target, long mostAliases)
    {
        if (target.Forbids(KeyCommand.CreateAlias) is { } refusal) return refusal;
        if (Exists) return new Refusal(RefusalCode.AliasExists);
        State = new AliasState(target.Id.Name);
        LimitCount(mostAliases);
        Audit(AuditEvent.AliasCreated);
        return default(Done);
    }

    /// <summary>Binds the alias to another CMK; only the target's state matters (seed 001, section 2).</summary>
    public Outcome<Done> Update(CmkGrain target)
    {
        if (!Exists) return new Refusal(RefusalCode.AliasNotFound);
        if (target.Forbids(KeyCommand.UpdateAlias) is { } refusal) return refusal;
        if (State.KeyId == target.Id.Name) return default(Done);
        State = new AliasState(target.Id.Name);
        Audit(AuditEvent.AliasUpdated);
        return default(Done);
    }

    /// <summary>Removes the alias, whatever its key's state.</summary>
    public Outcome<Done> Delete()
    {
        if (!Exists) return new Refusal(RefusalCode.AliasNotFound);
        StateOrNull = null;
        Audit(AuditEvent.AliasDeleted);
        return default(Done);
    }

    /// <inheritdoc/>
    internal override Listing? Listing => Exists ? new AliasListing(State.KeyId) : null;

    /// <inheritdoc/>
    internal override string? OwnerKeyId => StateOrNull?.KeyId;
}
