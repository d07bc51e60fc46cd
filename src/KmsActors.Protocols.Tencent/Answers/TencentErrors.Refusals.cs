using System.Diagnostics;
using KmsActors.Grains;

namespace KmsActors.Protocols.Tencent;

/// <content>What the service's refusals are in this protocol.</content>
internal static partial class TencentErrors
{
    /// <summary>This protocol's answer for a refusal of the service.</summary>
    public static TencentError Of(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Unavailable => Unavailable,
        RefusalCode.Throttled => Throttled,
        RefusalCode.AccessKeyNotFound => SecretIdUnknown,
        RefusalCode.AccessKeyDisabled => SecretIdDisabled,
        // This protocol has no tokens and no passwords: what is no good credential has one answer.
        RefusalCode.TokenInvalid or RefusalCode.TokenExpired or RefusalCode.PasswordWrong => SignatureWrong,
        RefusalCode.CallForbidden or RefusalCode.KeyForbidden => Forbidden,
        // The binder has seen to all that a call of this protocol can get wrong.
        RefusalCode.ParameterInvalid => RequestInvalid,
        RefusalCode.CiphertextInvalid => DecryptionFailed,
        RefusalCode.KeyNotFound or RefusalCode.AliasNotFound => KeyNotFound,
        RefusalCode.DefaultKeyProtected or RefusalCode.UsageNotAllowed => KeyUnsuitable,
        RefusalCode.KeyDisabled or RefusalCode.KeyNotEnabled => KeyDisabled,
        RefusalCode.KeyPendingDeletion or RefusalCode.AlreadyPendingDeletion => KeyPendingDeletion,
        RefusalCode.KeyPendingImport => KeyPendingImport,
        RefusalCode.NotPendingDeletion => KeyNotPendingDeletion,
        RefusalCode.AliasExists => AliasExists,
        RefusalCode.LimitExceeded => TooManyKeys,
        // Of other protocols' tables.
        RefusalCode.StateModifyFailed or RefusalCode.KeyNotDisabled => KeyUnsuitable,
        // There is no call for accounts, projects, users and groups here, nor for import, rotation, tags and grants.
        RefusalCode.UserNotFound or RefusalCode.UserExists
            or RefusalCode.GroupNotFound or RefusalCode.GroupExists
            or RefusalCode.AccountNotFound or RefusalCode.AccountExists or RefusalCode.AccountStateFailed
            or RefusalCode.ProjectNotFound or RefusalCode.ProjectExists
            or RefusalCode.AccessKeyExists => RequestInvalid,
        RefusalCode.OriginNotAllowed or RefusalCode.NotPendingImport or RefusalCode.MaterialNotDeletable
            or RefusalCode.ImportTokenInvalid or RefusalCode.ImportTokenOfAnotherKey
            or RefusalCode.ImportTokenExpired or RefusalCode.KeyMaterialInvalid
            or RefusalCode.KeyMaterialDiffers => RequestInvalid,
        RefusalCode.RotationNotSupported or RefusalCode.RotationNotEnabled or RefusalCode.RotationTooSoon
            or RefusalCode.KeyVersionNotFound => RequestInvalid,
        // Keys made here have no level of protection.
        RefusalCode.ProtectionNotSupported => RequestInvalid,
        RefusalCode.TooManyTags or RefusalCode.TooManyGrants or RefusalCode.GrantNotFound => RequestInvalid,
        _ => throw new UnreachableException($"no error for {refusal.Code}"),
    };

    /// <summary>As <see cref="Of"/>; a key that may not be used has the code of a failed encryption.</summary>
    public static TencentError OfEncryption(Refusal refusal) => OfUse(refusal, EncryptionModule, "encryption failed");

    /// <summary>As <see cref="Of"/>; a key that may not be used has the code of a failed decryption.</summary>
    public static TencentError OfDecryption(Refusal refusal) => OfUse(refusal, DecryptionModule, "decryption failed");

    private static TencentError OfUse(Refusal refusal, int module, string text)
    {
        var error = Of(refusal);
        var isUnusable = error == KeyDisabled || error == KeyPendingDeletion || error == KeyPendingImport
            || error == KeyUnsuitable;
        return isUnusable
            ? error with { Code = DataPlaneFailed, Module = module, Text = $"{text}: {error.Text}" }
            : error;
    }
}
