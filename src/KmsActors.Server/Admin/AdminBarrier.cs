using System.Text.Json;
using System.Text.RegularExpressions;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace KmsActors.Server;

/// <summary>
/// What every call of the operator's API passes: TLS, the credential, a bound of its body; and whatever goes wrong
/// behind it has an answer of one form.
/// </summary>
internal sealed partial class AdminBarrier(
    AdminOptions options, AdminToken token, RequestIds requestIds, ILogger<AdminBarrier> log)
{
    private const int MostBytes = 256 * 1024;
    private const string RequestIdItem = "RequestId";
    private const string RequestIdHeader = "x-request-id";

    /// <summary>The call's id, as its answer and the audit record have it.</summary>
    public static string RequestIdOf(HttpContext http) => (string)http.Items[RequestIdItem]!;

    /// <summary>Answers with an error.</summary>
    public static Task AnswerAsync(HttpContext http, AdminError error) => Problem(http, error).ExecuteAsync(http);

    /// <summary>An answer that says what is wrong (RFC 9457).</summary>
    public static IResult Problem(HttpContext http, AdminError error)
    {
        if (error.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        var more = new Dictionary<string, object?> { ["code"] = error.Code, ["requestId"] = RequestIdOf(http) };
        if (error.Parameter is not null) more["parameter"] = error.Parameter;
        return TypedResults.Problem(title: error.Title, statusCode: error.Status, extensions: more);
    }

    /// <summary>Serves a call.</summary>
    public async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        var requestId = requestIds.Next();
        http.Items[RequestIdItem] = requestId;
        http.Response.Headers[RequestIdHeader] = requestId;
        http.Response.Headers.CacheControl = "no-store";
        if (Refused(http) is { } error)
        {
            await AnswerAsync(http, error);
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
        try
        {
            await next(http);
            if (!http.Response.HasStarted && NotServed(http.Response.StatusCode) is { } notServed)
                await AnswerAsync(http, notServed);
        }
        catch (Exception fault) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(http, ErrorOf(http, fault));
        }
    }

    // What routing, and the reading of bodies, say by a bare status.
    private static AdminError? NotServed(int status) => status switch
    {
        StatusCodes.Status404NotFound => AdminErrors.NotFound,
        StatusCodes.Status405MethodNotAllowed => AdminErrors.MethodNotAllowed,
        StatusCodes.Status415UnsupportedMediaType => AdminErrors.BodyNotJson,
        StatusCodes.Status413PayloadTooLarge => AdminErrors.BodyTooLong,
        >= StatusCodes.Status400BadRequest => AdminErrors.Invalid("body") with { Status = status },
        _ => null,
    };

    private AdminError? Refused(HttpContext http)
    {
        if (!http.Request.IsHttps && !options.AllowHttp) return AdminErrors.HttpsRequired;
        if (http.Request.Path == AdminApi.Description) return null;
        return http.Request.Headers.Authorization is [{ } given] && token.IsIn(given) ? null : AdminErrors.Unauthorized;
    }

    private AdminError ErrorOf(HttpContext http, Exception fault)
    {
        switch (fault)
        {
            case BadHttpRequestException { InnerException: JsonException malformed }:
                return AdminErrors.Invalid(NameIn(malformed), "The body is not the JSON that this call takes.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return AdminErrors.BodyNotJson;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return AdminErrors.BodyTooLong;
            case BadHttpRequestException bad:
                return AdminErrors.Invalid(NameIn(Unbound(), bad.Message)) with { Status = bad.StatusCode };
            case StoreUnavailableException or HsaUnavailableException:
                Unavailable(log, fault, RequestIdOf(http));
                return AdminErrors.Unavailable;
            default:
                Failed(log, fault, RequestIdOf(http));
                return AdminErrors.Failed;
        }
    }

    // Which member it is about; of one that is missing only the message says it.
    private static string? NameIn(JsonException malformed)
    {
        var path = malformed.Path?.TrimStart('$', '.');
        return NameIn(Missing(), malformed.Message) ?? (string.IsNullOrEmpty(path) ? null : path);
    }

    private static string? NameIn(Regex words, string message) =>
        words.Match(message) is { Success: true } found ? found.Groups["name"].Value : null;

    [GeneratedRegex("including: '(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    // Its type may stand before it, which says nothing to the caller.
    [GeneratedRegex("arameter \"([^\" ]+ )?(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Unbound();

    [LoggerMessage(300, LogLevel.Warning, "Admin request {RequestId} could not be served: the store is unavailable")]
    private static partial void Unavailable(ILogger log, Exception exception, string requestId);

    [LoggerMessage(302, LogLevel.Error, "Admin request {RequestId} could not copy the database")]
    public static partial void CopyFailed(ILogger log, Exception exception, string requestId);

    [LoggerMessage(301, LogLevel.Error, "Admin request {RequestId} failed")]
    private static partial void Failed(ILogger log, Exception exception, string requestId);
}
