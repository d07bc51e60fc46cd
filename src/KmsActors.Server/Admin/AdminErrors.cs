using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>An error of the operator's API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Its name, for programs.</param>
/// <param name="Title">What is wrong, for people.</param>
internal sealed record AdminError(int Status, string Code, string Title)
{
    /// <summary>What of the request is wrong, or null.</summary>
    public string? Parameter { get; init; }
}

/// <summary>All errors of the operator's API.</summary>
internal static class AdminErrors
{
    public static readonly AdminError HttpsRequired =
        new(403, "HttpsRequired", "The admin API is served over https only.");

    public static readonly AdminError Unauthorized =
        new(401, "Unauthorized", "The operator's token is needed: Authorization: Bearer TOKEN.");

    public static readonly AdminError NotFound = new(404, "NotFound", "There is no such call.");

    public static readonly AdminError MethodNotAllowed = new(405, "MethodNotAllowed", "The call has another method.");

    public static readonly AdminError BodyNotJson =
        new(415, "BodyNotJson", "The call takes a body with Content-Type: application/json.");

    public static readonly AdminError BodyTooLong = new(413, "BodyTooLong", "The body is too long.");

    public static readonly AdminError Unavailable =
        new(503, "Unavailable", "The service cannot answer for a moment.");

    public static readonly AdminError Failed = new(500, "Failed", "The server failed.");

    public static readonly AdminError RootAccount =
        new(409, "StateNotAllowed", "The account is the one that Kms:RootAccount names.");

    public static readonly AdminError JobNotFound = new(404, "JobNotFound", "There is no such job.");

    public static readonly AdminError RunNotFound = new(404, "RunNotFound", "The job has no such run any more.");

    public static readonly AdminError JobIsRunning = new(409, "JobIsRunning", "The job runs already.");

    public static readonly AdminError JobIsNotRunning = new(409, "JobIsNotRunning", "The job does not run.");

    public static readonly AdminError RootKeyIsRotating = new(
        409, "RootKeyIsRotating", "The root key has another version still, which the job rewrap is to make unneeded.");

    public static readonly AdminError NotSqlite = new(
        409,
        "NotSqlite",
        "The database is PostgreSQL: pg_dump and pg_restore copy it (deploy/README.md, Backup).");

    public static readonly AdminError CopyUnderWay =
        new(409, "CopyUnderWay", "Another backup or restore is under way.");

    public static readonly AdminError CopyFailed = new(
        507, "CopyFailed", "The copy cannot be written in the data directory: has it room? The log says more.");

    public static readonly AdminError AnotherRootKey =
        new(409, "AnotherRootKey", "The copy is of a database with another root key, or that was never in service.");

    public static readonly AdminError WouldNotStart = new(409, "WouldNotStart", "The server would not start on it.");

    private static readonly AdminError AccountNotFound = new(404, "AccountNotFound", "There is no such account.");

    /// <summary>A parameter is malformed or out of range.</summary>
    public static AdminError Invalid(string? parameter, string? reason = null) =>
        new(400, "ParameterInvalid", reason ?? "A parameter is malformed or out of range.") { Parameter = parameter };

    /// <summary>What a refusal is here. What no call of this API can be refused for is a fault.</summary>
    public static AdminError Of(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Unavailable => Unavailable,
        RefusalCode.ParameterInvalid => Invalid(NameOf(refusal.Parameter)),
        RefusalCode.AccountNotFound => AccountNotFound,
        RefusalCode.ProjectNotFound => new(404, "ProjectNotFound", "The account has no such project."),
        RefusalCode.UserNotFound => new(404, "UserNotFound", "The account has no such user."),
        RefusalCode.GroupNotFound => new(404, "GroupNotFound", "The account has no such group."),
        RefusalCode.AccessKeyNotFound => new(404, "AccessKeyNotFound", "The account has no such access key."),
        RefusalCode.KeyNotFound => new(404, "KeyNotFound", "The project has no such key."),
        RefusalCode.AliasExists => new(409, "AliasExists", "Another key has the alias."),
        RefusalCode.AccountExists => new(409, "AccountExists", "The number is, or was, another account's."),
        RefusalCode.ProjectExists => new(409, "ProjectExists", "Another project has the name."),
        RefusalCode.UserExists => new(409, "UserExists", "Another user has the name."),
        RefusalCode.GroupExists => new(409, "GroupExists", "Another group has the name."),
        RefusalCode.AccessKeyExists => new(409, "AccessKeyExists", "Another access key has the id."),
        RefusalCode.AccountStateFailed =>
            new(409, "StateNotAllowed", "The state of the account does not allow this."),
        RefusalCode.LimitExceeded => new(409, "LimitExceeded", "There are as many as there may be."),
        _ => Failed,
    };

    /// <summary>What is wrong with a copy.</summary>
    public static AdminError Of(CopyException useless) => useless.Fault switch
    {
        CopyFault.Hash => Invalid(ReprDigest.Header, "The body has another SHA-256: it was changed, or cut off."),
        CopyFault.Newer => new(409, "CopyIsNewer", useless.Message),
        _ => Invalid("body", useless.Message),
    };

    // As bodies and queries name what the operations have.
    private static string? NameOf(string? parameter) => parameter switch
    {
        null => null,
        nameof(RotateAccessKey.Overlap) => "overlapSeconds",
        nameof(PolicyStatement.Resources) => "keys",
        nameof(AttachedPolicy.Scope) => "project",
        nameof(SetKeyRate.Rate) => "perSecond",
        _ => char.ToLowerInvariant(parameter[0]) + parameter[1..],
    };
}
