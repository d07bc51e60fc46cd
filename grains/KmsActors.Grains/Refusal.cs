namespace KmsActors.Grains;

/// <summary>
/// Every reason for which the service says no, in order of precedence: where two apply, the earlier one
/// is the answer. Each protocol maps each member to a code of its own, and a test holds it to that.
/// </summary>
public enum RefusalCode
{
    /// <summary>The service cannot answer now: a queue is full or a store is away.</summary>
    Unavailable,

    /// <summary>No such access key.</summary>
    AccessKeyNotFound,

    /// <summary>The access key exists and is not active.</summary>
    AccessKeyDisabled,

    /// <summary>The token is none, was revoked, or its user may no longer act.</summary>
    TokenInvalid,

    /// <summary>The token is older than its 24 hours.</summary>
    TokenExpired,

    /// <summary>No such user, a wrong password, or too many of those: one answer.</summary>
    PasswordWrong,

    /// <summary>The account, or the key, has been called as often as it may be; it may again within a second.</summary>
    Throttled,

    /// <summary>The caller's policies do not allow the call, whatever it is about.</summary>
    CallForbidden,

    /// <summary>A parameter is malformed or out of range.</summary>
    ParameterInvalid,

    /// <summary>A ciphertext is damaged, foreign, or was made with another encryption context.</summary>
    CiphertextInvalid,

    /// <summary>No such account.</summary>
    AccountNotFound,

    /// <summary>No such project of this account.</summary>
    ProjectNotFound,

    /// <summary>No such user in this account.</summary>
    UserNotFound,

    /// <summary>No such group in this account.</summary>
    GroupNotFound,

    /// <summary>No such key in this account.</summary>
    KeyNotFound,

    /// <summary>No such alias in this account.</summary>
    AliasNotFound,

    /// <summary>The caller's policies do not allow the call with this key, or in this enterprise project.</summary>
    KeyForbidden,

    /// <summary>The key is a default master key, and the call not for those.</summary>
    DefaultKeyProtected,

    /// <summary>The key's origin does not allow the call.</summary>
    OriginNotAllowed,

    /// <summary>The key is of another kind, or for something else.</summary>
    UsageNotAllowed,

    /// <summary>Keys of this kind do not rotate in this way.</summary>
    RotationNotSupported,

    /// <summary>Keys of this kind cannot be protected in the way that this one is to be.</summary>
    ProtectionNotSupported,

    /// <summary>The import token is forged, used, or of another key.</summary>
    ImportTokenInvalid,

    /// <summary>The import token is another key's.</summary>
    ImportTokenOfAnotherKey,

    /// <summary>The import token is older than its 24 hours.</summary>
    ImportTokenExpired,

    /// <summary>The key's state does not allow this transition.</summary>
    StateModifyFailed,

    /// <summary>Only a disabled key can be enabled.</summary>
    KeyNotDisabled,

    /// <summary>Only an enabled key can be disabled.</summary>
    KeyNotEnabled,

    /// <summary>The key's deletion is scheduled already.</summary>
    AlreadyPendingDeletion,

    /// <summary>There is no deletion to cancel.</summary>
    NotPendingDeletion,

    /// <summary>Only a key that waits for material can be given some.</summary>
    NotPendingImport,

    /// <summary>Material can be deleted of an enabled or a disabled key only.</summary>
    MaterialNotDeletable,

    /// <summary>The key is disabled.</summary>
    KeyDisabled,

    /// <summary>The key waits for its deletion.</summary>
    KeyPendingDeletion,

    /// <summary>The key waits for its material.</summary>
    KeyPendingImport,

    /// <summary>The key has no version of this id.</summary>
    KeyVersionNotFound,

    /// <summary>The key has no grant of this id.</summary>
    GrantNotFound,

    /// <summary>The key's last version is not old enough for another.</summary>
    RotationTooSoon,

    /// <summary>The wrapped material does not unwrap, or has the wrong length.</summary>
    KeyMaterialInvalid,

    /// <summary>The material differs from what was imported first.</summary>
    KeyMaterialDiffers,

    /// <summary>The alias is taken.</summary>
    AliasExists,

    /// <summary>The state of the account does not allow this.</summary>
    AccountStateFailed,

    /// <summary>The number is, or was, another account's.</summary>
    AccountExists,

    /// <summary>The name is another project's.</summary>
    ProjectExists,

    /// <summary>The id is another access key's.</summary>
    AccessKeyExists,

    /// <summary>The name is another user's.</summary>
    UserExists,

    /// <summary>The name is another group's.</summary>
    GroupExists,

    /// <summary>The account has as many as it may have.</summary>
    LimitExceeded,

    /// <summary>The key has as many tags as it may have.</summary>
    TooManyTags,

    /// <summary>The key has as many grants as it may have.</summary>
    TooManyGrants,

    /// <summary>The key has no rotation policy to change.</summary>
    RotationNotEnabled,
}

/// <summary>A refusal, with the parameter it is about where there is one.</summary>
/// <param name="Code">The reason.</param>
/// <param name="Parameter">The parameter, as the operation's request record names it.</param>
public sealed record Refusal(RefusalCode Code, string? Parameter = null)
{
    /// <summary>A parameter is malformed or out of range.</summary>
    public static Refusal Invalid(string parameter) => new(RefusalCode.ParameterInvalid, parameter);

    /// <summary>Of two reasons, the one that is the answer.</summary>
    internal static Refusal? First(Refusal? one, Refusal? other) =>
        one is null || other?.Code < one.Code ? other : one;
}
