using System.Diagnostics;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <content>What the service's refusals are in this protocol.</content>
internal static partial class HuaweiErrors
{
    /// <summary>This protocol's answer for a refusal of the service.</summary>
    public static HuaweiError Of(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Unavailable => KmsIoFailure,
        RefusalCode.AccessKeyNotFound or RefusalCode.AccessKeyDisabled => SignatureRefused,
        RefusalCode.TokenInvalid => TokenInvalid,
        RefusalCode.TokenExpired => TokenExpired,
        RefusalCode.Throttled => Throttled,
        RefusalCode.CallForbidden => CallForbidden,
        RefusalCode.KeyForbidden => KeyForbidden,
        RefusalCode.PasswordWrong => PasswordWrong,
        RefusalCode.ParameterInvalid => OfParameter(refusal.Parameter),
        RefusalCode.CiphertextInvalid => CiphertextInvalid,
        RefusalCode.KeyNotFound => KeyIdInvalid,
        // No call of this protocol names a key by its alias, or manages accounts, projects, users and groups.
        RefusalCode.AliasNotFound => KeyIdInvalid,
        RefusalCode.UserNotFound or RefusalCode.GroupNotFound
            or RefusalCode.UserExists or RefusalCode.GroupExists
            or RefusalCode.AccountNotFound or RefusalCode.AccountExists or RefusalCode.AccountStateFailed
            or RefusalCode.ProjectNotFound or RefusalCode.ProjectExists
            or RefusalCode.AccessKeyExists => ParameterInvalid,
        RefusalCode.DefaultKeyProtected => KeyIsDefault,
        RefusalCode.OriginNotAllowed => ExternalKeyRequired,
        RefusalCode.UsageNotAllowed or RefusalCode.RotationNotSupported => ParameterInvalid,
        // Keys made here have no level; those of other protocols may, which this one's calls are about, too.
        RefusalCode.ProtectionNotSupported => ParameterInvalid,
        RefusalCode.ImportTokenInvalid => ImportTokenInvalid,
        RefusalCode.ImportTokenOfAnotherKey => ImportTokenOfAnotherKey,
        RefusalCode.ImportTokenExpired => ImportTokenExpired,
        // Of other protocols' tables.
        RefusalCode.StateModifyFailed => ParameterInvalid,
        RefusalCode.KeyNotDisabled => KeyNotDisabled,
        RefusalCode.KeyNotEnabled => KeyNotEnabled,
        RefusalCode.AlreadyPendingDeletion => KeyAlreadyPendingDeletion,
        RefusalCode.NotPendingDeletion => KeyNotPendingDeletion,
        RefusalCode.NotPendingImport => KeyNotPendingImport,
        RefusalCode.MaterialNotDeletable => KeyMaterialNotDeletable,
        RefusalCode.KeyDisabled => KeyDisabled,
        RefusalCode.KeyPendingDeletion => KeyPendingDeletion,
        // The document has no code for the use of a key without material; of all its codes this one is true.
        RefusalCode.KeyPendingImport => KeyNotEnabled,
        RefusalCode.KeyVersionNotFound or RefusalCode.RotationTooSoon => ParameterInvalid,
        RefusalCode.KeyMaterialInvalid => KeyMaterialUndecipherable,
        RefusalCode.KeyMaterialDiffers => KeyMaterialDiffers,
        RefusalCode.AliasExists => KeyAliasTaken,
        RefusalCode.LimitExceeded => TooManyKeys,
        RefusalCode.TooManyTags => TooManyTags,
        // Of grants the document has the quota and no more.
        RefusalCode.GrantNotFound => ParameterInvalid.About("grant_id"),
        RefusalCode.TooManyGrants => ParameterInvalid.About("too many grants"),
        RefusalCode.RotationNotEnabled => RotationNotEnabled,
        _ => throw new UnreachableException($"no error for {refusal.Code}"),
    };

    private static HuaweiError OfParameter(string? name) => name switch
    {
        nameof(ImportKeyMaterial.Expiry) => ExpirationTimePast,
        nameof(CreateKey.Origin) => ParameterInvalid.About("origin"),
        nameof(CreateKey.Usage) => ParameterInvalid.About("key_usage"),
        nameof(AsymmetricSign.Algorithm) => ParameterInvalid.About("signing_algorithm"),
        _ => ParameterInvalid,
    };
}
