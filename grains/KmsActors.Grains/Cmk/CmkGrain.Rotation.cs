namespace KmsActors.Grains;

/// <summary>Material for a new version, made and wrapped by the HSA before the turn.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="WrappedMaterial">The material, wrapped for it.</param>
public sealed record NewKeyVersion(string Id, byte[] WrappedMaterial);

/// <summary>
/// Versions and their rotation: symmetric keys rotate by policy, asymmetric ones when asked, because
/// whoever holds a public key has to be told of another.
/// </summary>
public sealed partial class CmkGrain
{
    /// <summary>The shortest time between two versions of a key.</summary>
    public static readonly TimeSpan LeastRotationInterval = TimeSpan.FromDays(7);

    /// <summary>The longest interval of a policy.</summary>
    public static readonly TimeSpan MostRotationInterval = TimeSpan.FromDays(730);

    /// <summary>The most versions of an asymmetric key.</summary>
    public const int MostVersions = 50;

    /// <summary>
    /// Why the key may not be given another version now, or null: not of this kind or in this state, or too
    /// soon, or too many (CreateKeyVersion of the later documents).
    /// </summary>
    public static Refusal? ForbidsVersion(string keyId, CmkState? state, DateTimeOffset now, KeyRules rules)
    {
        if (CmkState.Forbids(keyId, state, KeyCommand.CreateVersion, now, rules) is { } refusal) return refusal;
        if (now < state!.Primary.CreatedAt + LeastRotationInterval) return new Refusal(RefusalCode.RotationTooSoon);
        return state.Versions.Length >= MostVersions ? new Refusal(RefusalCode.LimitExceeded) : null;
    }

    /// <summary>Adds a version to an asymmetric key. The others remain as good as it is.</summary>
    public Outcome<KeyVersion> CreateVersion(NewKeyVersion version)
    {
        if (ForbidsVersion(Id.Name, StateOrNull, Now, Rules) is { } refusal) return refusal;
        AddVersion(version);
        Audit(AuditEvent.KeyVersionCreated);
        return State.Primary;
    }

    /// <summary>
    /// Rotates a symmetric key every <paramref name="interval"/>, counted from the last rotation, or (null)
    /// no longer. An interval that has passed already means at once.
    /// </summary>
    public Outcome<Done> UpdateRotationPolicy(TimeSpan? interval)
    {
        Invariant.That(IsRotationInterval(interval), "the interval is within its bounds");
        if (Forbids(KeyCommand.UpdateRotation) is { } refusal) return refusal;
        if (State.RotationInterval == interval) return default(Done);
        State = State with { RotationInterval = interval };
        Plan(Reminder.RotateKey);
        Audit(AuditEvent.RotationPolicyUpdated);
        return default(Done);
    }

    /// <summary>Changes how often the key rotates, if it does (seed 003's successors).</summary>
    public Outcome<Done> ChangeRotationInterval(TimeSpan interval)
    {
        if (Forbids(KeyCommand.UpdateRotation) is { } refusal) return refusal;
        return State.RotationInterval is null
            ? new Refusal(RefusalCode.RotationNotEnabled)
            : UpdateRotationPolicy(interval);
    }

    /// <summary>
    /// Carries out <see cref="Reminder.RotateKey"/>: what encrypts from now on is the new version, and what
    /// the earlier ones encrypted they still decrypt. Nothing happens when no rotation is due any more.
    /// </summary>
    public Outcome<Done> Rotate(NewKeyVersion version)
    {
        if (!State.IsRotationDueAt(Now)) return default(Done);
        AddVersion(version);
        Plan(Reminder.RotateKey);
        Audit(AuditEvent.KeyRotated);
        return default(Done);
    }

    private static bool IsRotationInterval(TimeSpan? interval) =>
        interval is null || (interval >= LeastRotationInterval && interval <= MostRotationInterval);

    private void AddVersion(NewKeyVersion version) => State = State with
    {
        Versions = State.Versions.Add(new KeyVersion
        {
            Id = version.Id,
            CreatedAt = Now,
            WrappedMaterial = version.WrappedMaterial,
        }),
    };
}
