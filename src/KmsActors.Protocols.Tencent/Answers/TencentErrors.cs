namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Every error of this protocol: the codes of the vendor's pages (dialects, section 5), and beside them as codeDesc
/// the platform's later names, which tell apart what has one code.
/// </summary>
internal static partial class TencentErrors
{
    public static readonly TencentError RequestInvalid =
        new(4000, 10000, "InvalidParameter", "request parameters are invalid");

    public static readonly TencentError ActionUnknown = new(4000, 10280, "InvalidAction", "action is not existed");

    public static readonly TencentError MethodUnexpected =
        new(4000, 10410, "UnsupportedProtocol", "http method is neither GET nor POST");

    public static readonly TencentError RequestUnreadable =
        new(4000, 10420, "InvalidRequest", "request cannot be parsed");

    // Only of an id that there is not.
    public static readonly TencentError SecretIdMalformed =
        new(4000, 10450, "AuthFailure.InvalidSecretId", "secret id does not begin with AKID");

    /// <summary>One answer for every way a signature can be wrong, so that a forger learns nothing.</summary>
    public static readonly TencentError SignatureWrong =
        new(4100, 10030, "AuthFailure.SignatureFailure", "authentication failed");

    public static readonly TencentError Throttled = new(4420, 10250, "RequestLimitExceeded", "qps throttling");

    // No document has codes for the next two.
    public static readonly TencentError TimestampExpired =
        new(4100, 10030, "AuthFailure.SignatureExpire", "authentication failed: Timestamp is too far from the time");

    public static readonly TencentError RequestReplayed =
        new(4100, 10030, "AuthFailure.SignatureUsed", "authentication failed: the request was sent before");

    public static readonly TencentError SecretIdDisabled =
        new(4100, 10080, "AuthFailure.SecretIdDisabled", "secret id status error");

    public static readonly TencentError SecretIdUnknown =
        new(4100, 10270, "AuthFailure.SecretIdNotFound", "secret id is not existed");

    public static readonly TencentError Forbidden = new(4300, 10040, "UnauthorizedOperation", "no permission");

    public static readonly TencentError KeyUsageIllegal =
        new(4490, 10470, "InvalidParameterValue.InvalidKeyUsage", "keyUsage is illegal");

    public static readonly TencentError AliasExists =
        new(4500, 10480, "InvalidParameterValue.AliasAlreadyExists", "alias is already existed");

    public static readonly TencentError TooManyKeys =
        new(4510, 10610, "LimitExceeded.CmkLimitExceeded", "number of CMKs or aliases is over the limit");

    public static readonly TencentError KeySpecIllegal =
        new(4520, 10620, "InvalidParameterValue", "keySpec is illegal");

    public static readonly TencentError EncryptionContextIllegal =
        new(4540, 10640, "InvalidParameterValue", "encryptionContext is illegal");

    /// <summary>One answer for every cause: damaged, foreign, made with another encryptionContext.</summary>
    public static readonly TencentError DecryptionFailed =
        new(DataPlaneFailed, DecryptionModule, "FailedOperation.DecryptError", "decryption failed");

    // What cannot be a ciphertext, by its form or its length.
    public static readonly TencentError CiphertextBlobInvalid =
        new(4580, 10680, "InvalidParameterValue.InvalidCiphertext", "ciphertextBlob is invalid");

    public static readonly TencentError PlaintextNotBase64 =
        new(4590, 10690, "InvalidParameterValue.InvalidPlaintext", "plaintext is not base64");

    // Never: it would take a fault of the service's own; every one that is known is mended.
    public static readonly TencentError InternalError = new(6000, 10050, "InternalError", "server internal error");

    public static readonly TencentError Unavailable =
        new(6000, 10050, "ServiceUnavailable", "server is not available for now, try again");

    // No document has codes for keys: 10350 when it is about one, as dialects suggests.
    public static readonly TencentError KeyNotFound = AboutKey("CmkNotFound", "keyId is not existed");

    public static readonly TencentError KeyDisabled = AboutKey("CmkDisabled", "the key is disabled");

    public static readonly TencentError KeyPendingDeletion =
        AboutKey("CmkStateNotSupport", "the key is pending deletion");

    public static readonly TencentError KeyPendingImport =
        AboutKey("CmkStateNotSupport", "the key is pending import");

    public static readonly TencentError KeyNotPendingDeletion =
        AboutKey("CmkStateNotSupport", "the key is not pending deletion");

    public static readonly TencentError KeyUnsuitable =
        AboutKey("CmkNotSupport", "the key is not of a kind for this");

    private const int DataPlaneFailed = 4560;
    private const int EncryptionModule = 10660;
    private const int DecryptionModule = 10670;

    /// <summary>A common parameter that is not there.</summary>
    public static TencentError CommonMissing(string name) =>
        new(4000, 10010, "MissingParameter", $"lacked of required parameters: {name}");

    /// <summary>A parameter of an action that is not there.</summary>
    public static TencentError Missing(string name) =>
        new(4000, 10390, "MissingParameter", $"lacked of required parameter: {name}");

    /// <summary>A parameter that will not do.</summary>
    public static TencentError OutOfRange(string name) =>
        new(4000, 10350, "InvalidParameterValue", $"parameter is out of range: {name}");

    private static TencentError AboutKey(string what, string text) =>
        new(4000, 10350, $"ResourceUnavailable.{what}", text);
}
