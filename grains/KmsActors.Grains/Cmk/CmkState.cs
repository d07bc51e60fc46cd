using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>Where a CMK's material comes from.</summary>
public enum KeyOrigin
{
    /// <summary>Made by the HSA.</summary>
    Kms,

    /// <summary>Brought by its owner.</summary>
    External,
}

/// <summary>
/// How a CMK's material is protected. The names and the numbers are stored; never reuse one.
/// </summary>
public enum ProtectionLevel
{
    /// <summary>By software.</summary>
    Software,

    /// <summary>By a hardware security module.</summary>
    Hsm,
}

/// <summary>Whether a key rotates by itself.</summary>
public enum AutomaticRotation
{
    /// <summary>It has no policy.</summary>
    Disabled,

    /// <summary>It does.</summary>
    Enabled,

    /// <summary>It will again when it is enabled.</summary>
    Suspended,
}

/// <summary>One version of a CMK's material.</summary>
public sealed record KeyVersion
{
    /// <summary>A lower-case UUID, unique within the service.</summary>
    public required string Id { get; init; }

    /// <summary>When the version was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The material, wrapped by the HSA for account, key and version; null while there is none.</summary>
    public byte[]? WrappedMaterial { get; init; }

    /// <summary>
    /// The HSA's fingerprint of imported material. It outlives the material, because a key accepts only
    /// the same material again (seed 001, 4.3).
    /// </summary>
    public byte[]? Fingerprint { get; init; }
}

/// <summary>The state of a CMK; immutable, and safe to read from any thread.</summary>
public sealed partial record CmkState
{
    /// <summary>How the aliases of default master keys end, and no other's own name.</summary>
    public const string DefaultSuffix = "/default";

    /// <summary>The enterprise project of whoever has not chosen one.</summary>
    public const string DefaultEnterpriseProject = "0";

    /// <summary>The state as last set. Time may have overtaken it: see <see cref="StateAt"/>.</summary>
    public required KeyState KeyState { get; init; }

    /// <summary>Where the material comes from.</summary>
    public required KeyOrigin Origin { get; init; }

    /// <summary>What kind of key it is. A state stored before there were others does not say.</summary>
    public KeySpec Spec { get; init; }

    /// <summary>What it is for.</summary>
    public KeyUsage Usage { get; init; }

    /// <summary>How the material is protected.</summary>
    public required ProtectionLevel ProtectionLevel { get; init; }

    /// <summary>The owner's words; 0 to 8192 characters.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// The alias that is the key's own name, where it was given one (seed 003, 4.1.1); other aliases of it
    /// are only grains of their own. There is an alias grain of this name that stands for this key.
    /// </summary>
    public string? Alias { get; init; }

    /// <summary>
    /// The enterprise project it belongs to: "0", the default one, or a UUID. A state stored before there were
    /// any does not say, and reading it passes over initializers.
    /// </summary>
    public string EnterpriseProject
    {
        get => field ?? DefaultEnterpriseProject;
        init;
    }

    /// <summary>When the key was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The material, oldest version first; the last is the primary one. Empty on a tombstone.
    /// </summary>
    public required ImmutableArray<KeyVersion> Versions { get; init; }

    /// <summary>When the key will be deleted, UTC; only in PendingDeletion.</summary>
    public DateTimeOffset? DeletionDate { get; init; }

    /// <summary>When imported material expires, UTC; null for never.</summary>
    public DateTimeOffset? MaterialExpiry { get; init; }

    /// <summary>How often the key rotates by itself, or null for never.</summary>
    public TimeSpan? RotationInterval { get; init; }

    /// <summary>The tags, by key, in ordinal order.</summary>
    public ImmutableSortedDictionary<string, string> Tags
    {
        get;
        init => field = value.WithComparers(StringComparer.Ordinal);
    } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>How often it may be used, or null where that is left to the service.</summary>
    public Rate? Rate { get; init; }

    /// <summary>The grants, oldest first.</summary>
    public ImmutableArray<KeyGrant> Grants
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>When the key was deleted, UTC. What is left then is a tombstone without material.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>
    /// Whether it is a default master key: a service's, not a user's, and for the users of all enterprise projects
    /// (seed 003, 4.1.1).
    /// </summary>
    public bool IsDefault => Alias is not null && IsDefaultName(Alias);

    /// <summary>The version that encrypts; also the one that the last rotation made.</summary>
    public KeyVersion Primary => Versions[^1];

    /// <summary>When the policy has the key rotated next, UTC; null without a policy.</summary>
    public DateTimeOffset? NextRotation => Primary.CreatedAt + RotationInterval;

    /// <summary>Whether a key of this own name is a default master key.</summary>
    public static bool IsDefaultName(string alias) => alias.EndsWith(DefaultSuffix, StringComparison.Ordinal);

    /// <summary>Where among <see cref="Versions"/> the one of this id is, or null.</summary>
    public int? IndexOf(string versionId)
    {
        // From the end: the newest are asked for most.
        for (var i = Versions.Length - 1; i >= 0; i--)
        {
            if (Versions[i].Id == versionId) return i;
        }

        return null;
    }

    /// <summary>Whether the key rotates by itself at <paramref name="now"/>.</summary>
    public AutomaticRotation RotationAt(DateTimeOffset now)
    {
        if (RotationInterval is null) return AutomaticRotation.Disabled;
        return KeyState == KeyState.Enabled && !IsGoneAt(now)
            ? AutomaticRotation.Enabled
            : AutomaticRotation.Suspended;
    }

    /// <summary>Whether the policy wants a new version at <paramref name="now"/>.</summary>
    public bool IsRotationDueAt(DateTimeOffset now) =>
        RotationAt(now) == AutomaticRotation.Enabled && NextRotation <= now;

    /// <summary>
    /// Whether the key is gone at <paramref name="now"/>: from its deletion date on, whether or not the
    /// reminder that erases it has fired.
    /// </summary>
    public bool IsGoneAt(DateTimeOffset now) => DeletedAt is not null || DeletionDate <= now;

    /// <summary>Whether there is unexpired material at <paramref name="now"/>.</summary>
    public bool HasMaterialAt(DateTimeOffset now) =>
        Primary.WrappedMaterial is not null && !(MaterialExpiry <= now);

    /// <summary>
    /// The state at <paramref name="now"/>: expired material is no material from that instant on,
    /// whether or not the reminder that erases it has fired.
    /// </summary>
    public KeyState StateAt(DateTimeOffset now) =>
        KeyState is KeyState.Enabled or KeyState.Disabled && !HasMaterialAt(now)
            ? KeyState.PendingImport
            : KeyState;

    /// <summary>When a reminder is due, UTC; null for none: while the key is not enabled it does not rotate.</summary>
    internal DateTimeOffset? DueAt(Reminder reminder) => reminder switch
    {
        _ when DeletedAt is not null => null,
        Reminder.DeleteKey => DeletionDate,
        Reminder.ExpireMaterial => MaterialExpiry,
        Reminder.RotateKey when KeyState == KeyState.Enabled => NextRotation,
        _ => null,
    };

    /// <summary>Holds the state to its own rules.</summary>
    /// <exception cref="InvariantException">The state contradicts itself.</exception>
    internal void Check()
    {
        Invariant.That(DeletedAt is null == !Versions.IsEmpty, "a key has versions, a tombstone has none");
        Invariant.That(
            KeyState == KeyState.PendingDeletion == DeletionDate is not null,
            "a deletion date belongs to PendingDeletion");
        if (DeletedAt is not null) return;
        var hasMaterial = Primary.WrappedMaterial is not null;
        Invariant.That(
            hasMaterial
                ? KeyState != KeyState.PendingImport
                : KeyState is KeyState.PendingImport or KeyState.PendingDeletion,
            "a key in use has material, a key that waits for import has none");
        Invariant.That(hasMaterial || Origin == KeyOrigin.External, "only imported material can be missing");
        Invariant.That(Spec.Allows(Usage), "the usage is one of the key's kind");
        Invariant.That(
            Origin == KeyOrigin.Kms || (Spec.IsSymmetric() && Versions.Length == 1),
            "only symmetric keys are imported, and they have one version");
        Invariant.That(
            RotationInterval is null || (Spec.IsSymmetric() && Origin == KeyOrigin.Kms),
            "only symmetric keys of our own making rotate by themselves");
        Invariant.That(
            MaterialExpiry is null || (hasMaterial && Origin == KeyOrigin.External),
            "only imported material expires");
        Invariant.That(Tags.Count <= CmkGrain.MostTags, "a key's tags are limited");
        Invariant.That(Grants.Length <= CmkGrain.MostGrants, "a key's grants are limited");
    }

    /// <summary>
    /// Why the key refuses <paramref name="command"/> at <paramref name="now"/>, or null. What the caller may
    /// not do, no key lets him, whatever its state.
    /// </summary>
    public static Refusal? Forbids(
        string keyId, CmkState? state, KeyCommand command, DateTimeOffset now, KeyRules rules)
    {
        var existing = state?.IsGoneAt(now) == false ? state : null;
        if (rules.Rights.Forbids(keyId, existing) is { } refusal) return refusal;
        var code = CmkLifecycle.Forbids(command, existing!) ?? rules.Lifecycle.Forbids(command, existing!.StateAt(now));
        return code is null ? null : new Refusal(code.Value);
    }
}
