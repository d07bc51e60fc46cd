using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>
/// A customer master key: the actor that owns its state and transitions. What each state forbids is in
/// <see cref="CmkLifecycle"/>; what time alone does is in <see cref="CmkState"/>.
/// </summary>
public sealed partial class CmkGrain : Grain<CmkState>
{
    /// <summary>The most tags that a quota may allow a key; the documents allow 10 (seed 001, 4.19).</summary>
    public const int MostTags = 50;

    /// <inheritdoc/>
    public override bool Exists => StateOrNull is { DeletedAt: null };

    /// <inheritdoc/>
    internal override Listing? Listing => Exists
        ? new KeyListing(State.CreatedAt, State.KeyState, State.Spec, State.Usage, State.ProtectionLevel)
        {
            Alias = State.Alias ?? "",
            EnterpriseProject = State.EnterpriseProject,
            Tags = State.Tags,
        }
        : null;

    /// <inheritdoc/>
    internal override DateTimeOffset? DueAt(Reminder reminder) => StateOrNull?.DueAt(reminder);

    /// <inheritdoc/>
    internal override void CheckState() => StateOrNull?.Check();

    /// <summary>By whose tables this turn goes.</summary>
    public CmkLifecycle Lifecycle { get; set; } = CmkLifecycle.Aliyun;

    /// <summary>What the caller of this turn may do.</summary>
    public Rights Rights { get; set; } = Rights.Full;

    private KeyRules Rules => new(Lifecycle, Rights);

    /// <summary>Why this key refuses <paramref name="command"/> now, or null.</summary>
    public Refusal? Forbids(KeyCommand command) =>
        CmkState.Forbids(Id.Name, StateOrNull, command, Now, Rules);

    /// <summary>Creates the key: Enabled with material, PendingImport without (seed 001, 4.1).</summary>
    public Outcome<CmkState> Create(NewCmk key)
    {
        Invariant.That(StateOrNull is null, "a key id is used once");
        Invariant.That(IsRotationInterval(key.RotationInterval), "the interval is within its bounds");
        if (key.Tags.Count > key.MostTags) return new Refusal(RefusalCode.TooManyTags);
        var external = key.WrappedMaterial is null;
        State = new CmkState
        {
            KeyState = external ? KeyState.PendingImport : KeyState.Enabled,
            Origin = external ? KeyOrigin.External : KeyOrigin.Kms,
            Spec = key.Spec,
            Usage = key.Usage,
            ProtectionLevel = key.ProtectionLevel,
            Description = key.Description,
            Alias = key.Alias,
            EnterpriseProject = key.EnterpriseProject,
            CreatedAt = Now,
            RotationInterval = key.RotationInterval,
            Tags = ImmutableSortedDictionary<string, string>.Empty.AddRange(key.Tags),
            Versions = [new KeyVersion { Id = key.VersionId, CreatedAt = Now, WrappedMaterial = key.WrappedMaterial }],
        };
        LimitCount(key.MostKeys);
        if (key.RotationInterval is not null) Plan(Reminder.RotateKey);
        Audit(AuditEvent.KeyCreated);
        return State;
    }

    /// <summary>Lets the key be used. Of an enabled key it changes nothing.</summary>
    public Outcome<Done> Enable() => Switch(KeyCommand.Enable, KeyState.Enabled, AuditEvent.KeyEnabled);

    /// <summary>Forbids use of the key. Of a disabled key it changes nothing.</summary>
    public Outcome<Done> Disable() => Switch(KeyCommand.Disable, KeyState.Disabled, AuditEvent.KeyDisabled);

    /// <summary>
    /// Marks the key for deletion <paramref name="window"/> from now. The protocol has checked the
    /// window against its own limits.
    /// </summary>
    public Outcome<Done> ScheduleDeletion(TimeSpan window)
    {
        Invariant.That(window > TimeSpan.Zero, "a deletion lies in the future");
        if (Forbids(KeyCommand.ScheduleDeletion) is { } refusal) return refusal;
        var due = Now + window;
        State = State with { KeyState = KeyState.PendingDeletion, DeletionDate = due };
        Plan(Reminder.DeleteKey);
        Plan(Reminder.RotateKey);
        Audit(AuditEvent.KeyDeletionScheduled);
        return default(Done);
    }

    /// <summary>
    /// Takes the deletion back. The key is then <paramref name="restored"/> (the protocols differ), or
    /// PendingImport when it has no material.
    /// </summary>
    public Outcome<Done> CancelDeletion(KeyState restored)
    {
        if (Forbids(KeyCommand.CancelDeletion) is { } refusal) return refusal;
        State = State with { KeyState = restored, DeletionDate = null };
        Plan(Reminder.DeleteKey);
        if (!State.HasMaterialAt(Now)) EraseMaterial();
        Plan(Reminder.RotateKey);
        Audit(AuditEvent.KeyDeletionCancelled);
        return default(Done);
    }

    /// <summary>Replaces the description.</summary>
    public Outcome<Done> UpdateDescription(string description)
    {
        if (Forbids(KeyCommand.Annotate) is { } refusal) return refusal;
        if (State.Description == description) return default(Done);
        State = State with { Description = description };
        Audit(AuditEvent.KeyDescriptionUpdated);
        return default(Done);
    }

    /// <summary>
    /// Gives the key another name of its own. Its alias, and that of the name before it, are for the turn to
    /// see to.
    /// </summary>
    internal Outcome<Done> Rename(string alias)
    {
        if (Forbids(KeyCommand.UpdateAlias) is { } refusal) return refusal;
        Invariant.That(!CmkState.IsDefaultName(alias), "no key becomes a default one by another name");
        State = State with { Alias = alias };
        Audit(AuditEvent.KeyRenamed);
        return default(Done);
    }

    /// <summary>Why <paramref name="alias"/> has to go on standing for this key, or null.</summary>
    internal Refusal? HoldsOnTo(string alias)
    {
        if (!Exists) return null;
        if (Rights.Forbids(Id.Name, State) is { } refusal) return refusal;
        return State.IsDefault && State.Alias == alias ? new Refusal(RefusalCode.DefaultKeyProtected) : null;
    }

    /// <summary>Forgets the key's own name if <paramref name="alias"/>, which it has no longer, was it.</summary>
    internal void ForgetName(string alias)
    {
        if (Exists && State.Alias == alias) State = State with { Alias = null };
    }

    /// <summary>
    /// Adds tags, overwriting those of the same key: all of them or, past the limit, none. Nothing is refused for
    /// tags that the key had before its limit was lowered.
    /// </summary>
    public Outcome<Done> Tag(IReadOnlyCollection<KeyValuePair<string, string>> tags, long mostTags)
    {
        if (Forbids(KeyCommand.Annotate) is { } refusal) return refusal;
        var tagged = State.Tags.SetItems(tags);
        if (tagged.Count > Math.Max(mostTags, State.Tags.Count)) return new Refusal(RefusalCode.TooManyTags);
        if (ReferenceEquals(tagged, State.Tags)) return default(Done);
        State = State with { Tags = tagged };
        Audit(AuditEvent.KeyTagged);
        return default(Done);
    }

    /// <summary>Removes tags; those the key does not have are passed over.</summary>
    public Outcome<Done> Untag(IReadOnlyCollection<TagToRemove> tags)
    {
        if (Forbids(KeyCommand.Annotate) is { } refusal) return refusal;
        var left = State.Tags.RemoveRange(tags.Where(tag => tag.IsOf(State.Tags)).Select(tag => tag.Key));
        if (left.Count == State.Tags.Count) return default(Done);
        State = State with { Tags = left };
        Audit(AuditEvent.KeyUntagged);
        return default(Done);
    }

    /// <inheritdoc/>
    internal override void OnReminder(Reminder reminder)
    {
        switch (reminder)
        {
            case Reminder.DeleteKey when Exists && State.DeletionDate <= Now:
                LeaveTombstone();
                break;
            case Reminder.ExpireMaterial when Exists && State.MaterialExpiry <= Now:
                EraseMaterial();
                Audit(AuditEvent.MaterialExpired);
                break;
        }
    }

    /// <summary>
    /// Takes the last of a key away that was deleted before <paramref name="time"/>; false if this is no such key.
    /// Nothing depends on it: ids are random, and what is not there is refused as what was deleted is.
    /// </summary>
    public Outcome<bool> Forget(DateTimeOffset time)
    {
        if (StateOrNull is not { DeletedAt: { } deletedAt } || deletedAt >= time) return false;
        Erase(AuditEvent.KeyForgotten);
        return true;
    }

    /// <summary>
    /// Has a reminder be due when the state says it, or not at all. Whatever changes what that depends on ends with
    /// this.
    /// </summary>
    private void Plan(Reminder reminder)
    {
        if (State.DueAt(reminder) is { } due) RemindAt(reminder, due);
        else ForgetReminder(reminder);
    }

    private Outcome<Done> Switch(KeyCommand command, KeyState to, AuditEvent happened)
    {
        if (Forbids(command) is { } refusal) return refusal;
        if (State.KeyState == to) return default(Done);
        State = State with { KeyState = to };
        Plan(Reminder.RotateKey);
        Audit(happened);
        return default(Done);
    }

    private void LeaveTombstone()
    {
        State = new CmkState
        {
            KeyState = KeyState.PendingDeletion,
            Origin = State.Origin,
            Spec = State.Spec,
            Usage = State.Usage,
            ProtectionLevel = State.ProtectionLevel,
            Description = "",
            CreatedAt = State.CreatedAt,
            Versions = ImmutableArray<KeyVersion>.Empty,
            DeletionDate = State.DeletionDate,
            DeletedAt = Now,
        };
        Plan(Reminder.DeleteKey);
        Plan(Reminder.ExpireMaterial);
        Plan(Reminder.RotateKey);
        Audit(AuditEvent.KeyDeleted);
    }
}
