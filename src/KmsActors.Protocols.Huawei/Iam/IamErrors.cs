using KmsActors.Grains;

namespace KmsActors.Protocols.Huawei;

/// <summary>The errors of IAM beside those two that <see cref="HuaweiErrors"/> has.</summary>
internal static class IamErrors
{
    public static readonly HuaweiError BodyMalformed = BadRequest("The request body is invalid.");

    public static readonly HuaweiError SubjectMissing = BadRequest("X-Subject-Token is required, once.");

    // Said before the password is looked at, of names and ids that follow from the account's number alone.
    public static readonly HuaweiError ScopeUnknown =
        Of(401, "Unauthorized", "The project or domain of the scope is not one of the user's.");

    public static readonly HuaweiError TooManyTokens = Of(403, "Forbidden", "The account has too many tokens.");

    public static readonly HuaweiError SubjectForbidden =
        Of(403, "Forbidden", "The token is another user's.");

    public static readonly HuaweiError SubjectUnknown = Of(404, "Not Found", "The token is not found.");

    public static readonly HuaweiError ApiUnknown = Of(404, "Not Found", "The API is not found.");

    public static readonly HuaweiError Failure = Of(500, "Internal Server Error", "The server failed.");

    public static readonly HuaweiError Unavailable =
        Of(503, "Service Unavailable", "The server is unavailable for a moment.");

    /// <summary>What an error of the reader's is here.</summary>
    public static HuaweiError BadRequest(string message) => Of(400, "Bad Request", message);

    /// <summary>Why nobody was logged in.</summary>
    public static HuaweiError OfLogin(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Unavailable => Unavailable,
        RefusalCode.LimitExceeded => TooManyTokens,
        RefusalCode.ProjectNotFound => ScopeUnknown,
        _ => HuaweiErrors.PasswordWrong,
    };

    /// <summary>Why the caller's own credential is not good: one answer but for the service's own troubles.</summary>
    public static HuaweiError OfCaller(Refusal refusal) =>
        refusal.Code == RefusalCode.Unavailable ? Unavailable : HuaweiErrors.AuthenticationRequired;

    /// <summary>Why the token that the request is about is not good.</summary>
    public static HuaweiError OfSubject(Refusal refusal) =>
        refusal.Code == RefusalCode.Unavailable ? Unavailable : SubjectUnknown;

    private static HuaweiError Of(int status, string title, string message) =>
        new(status, title, message, ErrorShape.Iam);
}
