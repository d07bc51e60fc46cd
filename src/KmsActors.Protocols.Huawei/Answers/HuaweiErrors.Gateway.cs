namespace KmsActors.Protocols.Huawei;

/// <content>What the gateway before the service, and IAM beside it, answer of their own.</content>
internal static partial class HuaweiErrors
{
    // Behind the gateway it would be KMS.0201; clients meet the gateway first.
    public static readonly HuaweiError ApiNotFound = new(
        404,
        "APIGW.0101",
        "The API does not exist or has not been published in the environment.",
        ErrorShape.Gateway);

    /// <summary>One answer for every way a signature can be wrong, so that a forger learns nothing.</summary>
    public static readonly HuaweiError SignatureRefused = new(
        401,
        "APIGW.0301",
        "Incorrect IAM authentication information: verify aksk signature fail",
        ErrorShape.Gateway);

    public static readonly HuaweiError GatewayForbidden = new(
        403, "APIGW.0302", "The IAM user is not authorized to access the API.", ErrorShape.Gateway);

    public static readonly HuaweiError Throttled = new(
        429, "APIGW.0308", "The throttling threshold has been reached.", ErrorShape.Gateway);

    public static readonly HuaweiError PasswordWrong = new(
        401, "Unauthorized", "The username or password is wrong.", ErrorShape.Iam);

    // Seed 003, 2.3 shows this one as the form of all errors, and then speaks of error_code, which it has not.
    public static readonly HuaweiError AuthenticationRequired = new(
        401, "Unauthorized", "The request you have made requires authentication.", ErrorShape.Iam);
}
