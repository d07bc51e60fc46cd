using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>The reminders a grain may ask for. The numbers are stored; never reuse one.</summary>
public enum Reminder : byte
{
    /// <summary>A CMK's deletion window has passed.</summary>
    DeleteKey = 1,

    /// <summary>Imported key material has expired.</summary>
    ExpireMaterial = 2,

    /// <summary>The 24 hours of an import token, or of a user's token, are over.</summary>
    ExpireToken = 3,

    /// <summary>A CMK's rotation interval has passed.</summary>
    RotateKey = 4,

    /// <summary>An account's deletion window has passed.</summary>
    EraseAccount = 5,

    /// <summary>An access key that another replaces has expired.</summary>
    ExpireAccessKey = 6,
}

/// <summary>What the audit record can say of a committed change. The names are stored.</summary>
public enum AuditEvent
{
    AccountCreated,
    AccountRenamed,
    AccountSuspended,
    AccountResumed,
    AccountDeletionScheduled,
    AccountDeletionCancelled,
    AccountErasureBegun,
    AccountDeleted,
    AccountLimitsChanged,
    ErasedWithAccount,
    Rewrapped,
    RootCredentialsApplied,
    ProjectCreated,
    ProjectEnabled,
    ProjectDisabled,
    KeyRateChanged,
    AccessKeyCreated,
    AccessKeyDisabled,
    AccessKeyEnabled,
    AccessKeyReplaced,
    AccessKeyDeleted,
    KeyCreated,
    KeyEnabled,
    KeyDisabled,
    KeyDescriptionUpdated,
    KeyRenamed,
    KeyTagged,
    KeyUntagged,
    GrantCreated,
    GrantRevoked,
    GrantRetired,
    KeyDeletionScheduled,
    KeyDeletionCancelled,
    KeyDeleted,
    KeyForgotten,
    KeyVersionCreated,
    KeyRotated,
    RotationPolicyUpdated,
    MaterialImported,
    MaterialDeleted,
    MaterialExpired,
    ImportTokenIssued,
    ImportTokenUsed,
    ImportAttemptFailed,
    ImportTokenExpired,
    ImportTokenForgotten,
    AliasCreated,
    AliasUpdated,
    AliasDeleted,
    UserCreated,
    UserDeleted,
    UserEnabled,
    UserDisabled,
    UserJoinedGroup,
    UserLeftGroup,
    UserPoliciesChanged,
    PasswordChanged,
    PasswordRehashed,
    LoginFailed,
    GroupCreated,
    GroupDeleted,
    GroupPoliciesChanged,
    AuthTokenIssued,
    AuthTokenRevoked,
    AuthTokenExpired,
}

/// <summary>What a turn asks the host to commit beside the state.</summary>
internal sealed class TurnEffects
{
    /// <summary>Reminders to set, or (null) to clear.</summary>
    public Dictionary<Reminder, DateTimeOffset?> Reminders { get; } = [];

    /// <summary>What happened, in order.</summary>
    public List<AuditEvent> Audit { get; } = [];

    /// <summary>The most grains of this kind the account may have when this one is new.</summary>
    public long CountLimit { get; set; } = long.MaxValue;
}

/// <summary>The row by which listings find a grain.</summary>
public abstract record Listing;

/// <summary>A CMK's row, ordered by creation.</summary>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="KeyState">Its state as stored.</param>
/// <param name="Spec">Its kind.</param>
/// <param name="Usage">What it is for.</param>
/// <param name="ProtectionLevel">How its material is protected.</param>
public sealed record KeyListing(
    DateTimeOffset CreatedAt, KeyState KeyState, KeySpec Spec, KeyUsage Usage, ProtectionLevel ProtectionLevel)
    : Listing
{
    /// <summary>Its own name; empty for none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The enterprise project it belongs to.</summary>
    public string EnterpriseProject { get; init; } = CmkState.DefaultEnterpriseProject;

    /// <summary>Its tags, by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>An alias's row, ordered by name.</summary>
/// <param name="KeyId">The CMK it stands for.</param>
public sealed record AliasListing(string KeyId) : Listing;
