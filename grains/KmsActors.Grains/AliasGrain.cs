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
        LimitCount(mostAliases);
        BindTo(target);
        return default(Done);
    }

    /// <summary>The same of a default master key, to which nobody else can give an alias.</summary>
    internal void BindTo(CmkGrain target)
    {
        State = new AliasState(target.Id.Name);
        Audit(AuditEvent.AliasCreated);
    }

    /// <summary>
    /// Binds the alias to another CMK; only the target's state matters (seed 001, section 2). If it was the
    /// own name of the key it leaves, that key has none now; a default master key keeps its own.
    /// </summary>
    public Outcome<Done> Update(CmkGrain target, CmkGrain left)
    {
        if (!Exists) return new Refusal(RefusalCode.AliasNotFound);
        if (Refusal.First(left.HoldsOnTo(Id.Name), target.Forbids(KeyCommand.UpdateAlias)) is { } refusal)
            return refusal;
        if (State.KeyId == target.Id.Name) return default(Done);
        Invariant.That(State.KeyId == left.Id.Name, "the turn has the key that the alias leaves");
        left.ForgetName(Id.Name);
        State = new AliasState(target.Id.Name);
        Audit(AuditEvent.AliasUpdated);
        return default(Done);
    }

    /// <summary>Makes the new alias the own name of <paramref name="key"/>, in place of the one it has.</summary>
    /// <param name="key">The key.</param>
    /// <param name="before">The alias that was its own name, or null for none.</param>
    /// <param name="mostAliases">The most the account may have.</param>
    public Outcome<Done> Name(CmkGrain key, AliasGrain? before, long mostAliases)
    {
        if (key.Forbids(KeyCommand.UpdateAlias) is { } refusal) return refusal;
        if (Exists) return new Refusal(RefusalCode.AliasExists);
        Invariant.That(key.State.Alias == before?.Id.Name, "the turn has the alias that was the key's name");
        Invariant.That(before is null || before.State.KeyId == key.Id.Name, "a key's own name stands for it");
        if (before is not null)
        {
            before.StateOrNull = null;
            before.Audit(AuditEvent.AliasDeleted);
        }

        key.Rename(Id.Name);
        State = new AliasState(key.Id.Name);
        // Nobody is to lose a name for another because the account is full.
        if (before is null) LimitCount(mostAliases);
        Audit(AuditEvent.AliasCreated);
        return default(Done);
    }

    /// <summary>
    /// Removes the alias, whatever the state of <paramref name="key"/>, for which it stands; but a default
    /// master key keeps its own name, which makes it one.
    /// </summary>
    public Outcome<Done> Delete(CmkGrain key)
    {
        if (!Exists) return new Refusal(RefusalCode.AliasNotFound);
        Invariant.That(State.KeyId == key.Id.Name, "the turn has the key that the alias stands for");
        if (key.HoldsOnTo(Id.Name) is { } held) return held;
        key.ForgetName(Id.Name);
        StateOrNull = null;
        Audit(AuditEvent.AliasDeleted);
        return default(Done);
    }

    /// <inheritdoc/>
    internal override void CheckState() =>
        Invariant.That(StateOrNull is null or { KeyId.Length: > 0 }, "an alias stands for a key");

    /// <inheritdoc/>
    internal override Listing? Listing => Exists ? new AliasListing(State.KeyId) : null;

    /// <inheritdoc/>
    internal override string? OwnerKeyId => StateOrNull?.KeyId;
}
