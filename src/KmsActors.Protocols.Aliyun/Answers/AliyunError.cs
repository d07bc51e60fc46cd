using System.Diagnostics;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>An error as a client sees it.</summary>
internal sealed record AliyunError(int HttpStatus, string Code, string Message);

/// <summary>
/// Every error of this protocol: seed 001, 1.5, with the document's two misprinted codes put right to
/// what the vendor's clients look for, and the gateway's own codes where the document has none.
/// </summary>
internal static class AliyunErrors
{
    public static readonly AliyunError InternalFailure =
        new(500, "InternalFailure", "Internal Failure.");

    // The document prints "Serivce…"; the vendor's retry helpers look for this spelling.
    public static readonly AliyunError ServiceUnavailableTemporary =
        new(503, "ServiceUnavailableTemporary", "Service Unavailable Temporary.");

    public static readonly AliyunError AccessKeyNotFound =
        new(404, "InvalidAccessKeyId.NotFound", "The AccessKey ID provided does not exist in our records.");

    public static readonly AliyunError KeyNotFound =
        new(404, "Forbidden.KeyNotFound", "The specified Key is not found.");

    public static readonly AliyunError AliasNotFound =
        new(404, "Forbidden.AliasNotFound", "The specified Alias is not found.");

    public static readonly AliyunError AccessKeyDisabled =
        new(403, "Forbidden.AccessKey", "This AccessKey is not enabled.");

    public static readonly AliyunError NoPermission =
        new(403, "Forbidden.NoPermission", "This operation is forbidden by permission system.");

    public static readonly AliyunError UnsupportedHttpMethod =
        new(403, "UnsupportedHTTPMethod", "This http method is not supported.");

    public static readonly AliyunError ParseRequestParameterException =
        new(400, "ParseRequestParameterException",
            "Server parse parameters exception. Please check your input params.");

    public static readonly AliyunError IncompleteSignature =
        new(400, "IncompleteSignature",
            "The request signature does not conform to Alibaba Cloud standards.");

    // The document gives this one message for a missing and for an expired time alike.
    public static readonly AliyunError IllegalTimestamp =
        new(400, "IllegalTimestamp",
            "The input parameter \"Timestamp\" that is required for processing this request "
            + "is not supplied.");

    public static readonly AliyunError TimestampFormat =
        new(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");

    public static readonly AliyunError SignatureNonceUsed =
        new(400, "SignatureNonceUsed", "Specified signature nonce was used already.");

    // Of the later documents.
    public static readonly AliyunError Throttling = new(429, "Rejected.Throttling", "QPS Limit Exceeded");

    public static readonly AliyunError LimitExceeded =
        new(400, "Rejected.LimitExceeded",
            "The request was rejected because user create resource limit was exceeded.");

    public static readonly AliyunError AliasAlreadyExists =
        new(400, "AliasAlreadyExists", "AliasName Already Exists.");

    public static readonly AliyunError InvalidKeyMaterial =
        new(400, "InvalidKeyMaterial", "key material is invalid.");

    public static readonly AliyunError InvalidImportToken =
        new(400, "InvalidImportToken", "import token is invalid.");

    public static readonly AliyunError ExpiredImportToken =
        new(400, "ExpiredImportToken", "import token is expired.");

    public static readonly AliyunError UnsupportedOrigin =
        new(400, "Unsupported.Origin", "This key origin is not valid for this api.");

    public static readonly AliyunError KeyVersionNotFound =
        new(404, "Forbidden.KeyVersionNotFound", "The specified KeyVersion is not found.");

    public static readonly AliyunError UnsupportedOperation =
        new(400, "UnsupportedOperation", "This action is not supported.");

    // The later documents' code for a rotation that cannot be, by CreateKeyVersion and UpdateRotationPolicy.
    public static readonly AliyunError RejectedUnsupportedOperation =
        new(400, "Rejected.UnsupportedOperation", "Unsupported operation.");

    // Of the later documents, without its message.
    public static readonly AliyunError UnsupportedProtectionLevel =
        new(400, "Unsupported.ProtectionLevel", "The protection level is not supported for this key.");

    public static readonly AliyunError UnsupportedAlias =
        new(400, "Unsupported.Alias", "Alias is not valid for this api.");

    public static readonly AliyunError StateModifiedFailed =
        new(409, "Rejected.StateModifiedFailed", "Keystate modified failed.");

    public static readonly AliyunError KeyDisabled =
        new(409, "Rejected.Disabled", "The request was rejected because the key state is Disabled.");

    // The error table prints "Rejetced…"; the state table (seed 001, 2) and the clients do not.
    public static readonly AliyunError KeyPendingDeletion =
        new(409, "Rejected.PendingDeletion",
            "The request was rejected because the key state is PendingDeletion.");

    public static readonly AliyunError KeyPendingImport =
        new(409, "Rejected.PendingImport",
            "The request was rejected because the key state is PendingImport.");

    /// <summary>For an Action that does not exist; the gateway's code, for the document has none.</summary>
    public static readonly AliyunError ApiNotFound =
        new(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");

    public static AliyunError MissingParameter(string name) =>
        new(400, "MissingParameter", $"The parameter \"{name}\" is needed but not provided.");

    public static AliyunError InvalidParameter(string name) =>
        new(400, "InvalidParameter", $"The specified parameter \"{name}\" is not valid.");

    /// <summary>This protocol's answer for a refusal of the service.</summary>
    public static AliyunError Of(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Unavailable => ServiceUnavailableTemporary,
        RefusalCode.AccessKeyNotFound => AccessKeyNotFound,
        RefusalCode.AccessKeyDisabled => AccessKeyDisabled,
        // This protocol has no tokens and no passwords: what is no good credential has one answer.
        RefusalCode.TokenInvalid or RefusalCode.TokenExpired or RefusalCode.PasswordWrong => IncompleteSignature,
        RefusalCode.CallForbidden or RefusalCode.KeyForbidden => NoPermission,
        RefusalCode.ParameterInvalid => InvalidParameter(ParameterOf(refusal)),
        // One answer for every cause, so that a forger learns nothing from it; no document names a code.
        RefusalCode.CiphertextInvalid => InvalidParameter("CiphertextBlob"),
        RefusalCode.KeyNotFound => KeyNotFound,
        RefusalCode.AliasNotFound => AliasNotFound,
        // Nor does it manage accounts, projects, users and groups.
        RefusalCode.AccountNotFound or RefusalCode.AccountExists or RefusalCode.AccountStateFailed =>
            InvalidParameter("Account"),
        RefusalCode.ProjectNotFound or RefusalCode.ProjectExists => InvalidParameter("Project"),
        RefusalCode.AccessKeyExists => InvalidParameter("AccessKeyId"),
        RefusalCode.UserNotFound or RefusalCode.UserExists => InvalidParameter("UserName"),
        RefusalCode.GroupNotFound or RefusalCode.GroupExists => InvalidParameter("GroupName"),
        RefusalCode.DefaultKeyProtected => UnsupportedOperation,
        RefusalCode.OriginNotAllowed => UnsupportedOrigin,
        RefusalCode.UsageNotAllowed => UnsupportedOperation,
        RefusalCode.RotationNotSupported => RejectedUnsupportedOperation,
        RefusalCode.ProtectionNotSupported => UnsupportedProtectionLevel,
        RefusalCode.ImportTokenInvalid => InvalidImportToken,
        RefusalCode.ImportTokenOfAnotherKey => InvalidImportToken,
        RefusalCode.ImportTokenExpired => ExpiredImportToken,
        RefusalCode.StateModifyFailed => StateModifiedFailed,
        // What other protocols' tables say where this one's says StateModifiedFailed.
        RefusalCode.KeyNotDisabled or RefusalCode.KeyNotEnabled or RefusalCode.AlreadyPendingDeletion
            or RefusalCode.NotPendingDeletion or RefusalCode.NotPendingImport
            or RefusalCode.MaterialNotDeletable => StateModifiedFailed,
        RefusalCode.KeyDisabled => KeyDisabled,
        RefusalCode.KeyPendingDeletion => KeyPendingDeletion,
        RefusalCode.KeyPendingImport => KeyPendingImport,
        RefusalCode.KeyVersionNotFound => KeyVersionNotFound,
        RefusalCode.RotationTooSoon => RejectedUnsupportedOperation,
        RefusalCode.KeyMaterialInvalid => InvalidKeyMaterial,
        RefusalCode.KeyMaterialDiffers => InvalidKeyMaterial,
        RefusalCode.AliasExists => AliasAlreadyExists,
        RefusalCode.Throttled => Throttling,
        RefusalCode.LimitExceeded => LimitExceeded,
        RefusalCode.TooManyTags or RefusalCode.TooManyGrants => LimitExceeded,
        // There is no call for grants here.
        RefusalCode.GrantNotFound => InvalidParameter("GrantId"),
        RefusalCode.RotationNotEnabled => RejectedUnsupportedOperation,
        _ => throw new UnreachableException($"no error for {refusal.Code}"),
    };

    // Most are called the same here.
    private static string ParameterOf(Refusal refusal) => refusal.Parameter switch
    {
        nameof(ImportKeyMaterial.Expiry) => "KeyMaterialExpireUnix",
        nameof(CreateKey.Usage) => "KeyUsage",
        nameof(CreateKey.RotationInterval) => "EnableAutomaticRotation",
        var name => name ?? "",
    };
}
