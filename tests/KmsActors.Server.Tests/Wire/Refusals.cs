namespace KmsActors.Server.Tests;

/// <summary>
/// The document's error table (seed 001, 1.5) with the gateway's codes, written down a second time: a
/// client depends on status and spelling, and a message that is about a parameter has to name it.
/// </summary>
internal static class Refusals
{
    private static readonly Dictionary<string, (int Status, string Message)> Table = new()
    {
        ["InvalidAccessKeyId.NotFound"] = (404, "The AccessKey ID provided does not exist in our records."),
        ["InvalidApi.NotFound"] = (404, "Specified api is not found, please check your url and method."),
        ["Forbidden.KeyNotFound"] = (404, "The specified Key is not found."),
        ["Forbidden.AliasNotFound"] = (404, "The specified Alias is not found."),
        ["Forbidden.NoPermission"] = (403, "This operation is forbidden by permission system."),
        ["Forbidden.AccessKey"] = (403, "This AccessKey is not enabled."),
        ["UnsupportedHTTPMethod"] = (403, "This http method is not supported."),
        ["ParseRequestParameterException"] =
            (400, "Server parse parameters exception. Please check your input params."),
        ["MissingParameter"] = (400, "The parameter \"{0}\" is needed but not provided."),
        ["InvalidParameter"] = (400, "The specified parameter \"{0}\" is not valid."),
        ["IncompleteSignature"] =
            (400, "The request signature does not conform to Alibaba Cloud standards."),
        ["IllegalTimestamp"] =
            (400, "The input parameter \"Timestamp\" that is required for processing this request is not supplied."),
        ["InvalidTimeStamp.Format"] = (400, "Specified time stamp or date value is not well formatted."),
        ["SignatureNonceUsed"] = (400, "Specified signature nonce was used already."),
        ["Rejected.Throttling"] = (429, "QPS Limit Exceeded"),
        ["Rejected.LimitExceeded"] =
            (400, "The request was rejected because user create resource limit was exceeded."),
        ["AliasAlreadyExists"] = (400, "AliasName Already Exists."),
        ["InvalidKeyMaterial"] = (400, "key material is invalid."),
        ["InvalidImportToken"] = (400, "import token is invalid."),
        ["ExpiredImportToken"] = (400, "import token is expired."),
        ["Unsupported.Origin"] = (400, "This key origin is not valid for this api."),
        ["Forbidden.KeyVersionNotFound"] = (404, "The specified KeyVersion is not found."),
        ["UnsupportedOperation"] = (400, "This action is not supported."),
        ["Unsupported.ProtectionLevel"] = (400, "The protection level is not supported for this key."),
        ["Rejected.UnsupportedOperation"] = (400, "Unsupported operation."),
        ["Unsupported.Alias"] = (400, "Alias is not valid for this api."),
        ["Rejected.StateModifiedFailed"] = (409, "Keystate modified failed."),
        ["Rejected.Disabled"] = (409, "The request was rejected because the key state is Disabled."),
        ["Rejected.PendingDeletion"] =
            (409, "The request was rejected because the key state is PendingDeletion."),
        ["Rejected.PendingImport"] = (409, "The request was rejected because the key state is PendingImport."),
    };

    /// <summary>Status and message of a refusal; the parameter is given exactly for the codes about one.</summary>
    public static (int Status, string Message) Of(string code, string? parameter)
    {
        var (status, message) = Table[code];
        Assert.Equal(message.Contains("{0}", StringComparison.Ordinal), parameter is not null);
        return (status, message.Replace("{0}", parameter, StringComparison.Ordinal));
    }
}
