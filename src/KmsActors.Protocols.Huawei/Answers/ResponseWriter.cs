using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Huawei;

/// <summary>Sends an answer. Its length is known before its first byte leaves.</summary>
internal static class ResponseWriter
{
    /// <summary>Where the vendor's clients look for the request's id, of successes and errors alike.</summary>
    public const string RequestIdHeader = "x-request-id";

    private const string RetryAfterSeconds = "1";

    /// <summary>Sends a success with a body; <c>{}</c> if no field was written.</summary>
    public static Task SuccessAsync(
        HttpContext http, string requestId, HuaweiWriter fields, int status = StatusCodes.Status200OK) =>
        SendAsync(http, requestId, status, fields);

    /// <summary>Sends a 204. The document's examples show {} even there, which HTTP does not allow.</summary>
    public static void NoContent(HttpContext http, string requestId)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers[RequestIdHeader] = requestId;
    }

    /// <summary>Sends an error.</summary>
    public static async Task ErrorAsync(HttpContext http, string requestId, HuaweiError error)
    {
        using var writer = new HuaweiWriter();
        if (error.IsForNow) http.Response.Headers.RetryAfter = RetryAfterSeconds;
        writer.Error(error, requestId);
        await SendAsync(http, requestId, error.HttpStatus, writer);
    }

    private static async Task SendAsync(HttpContext http, string requestId, int status, HuaweiWriter writer)
    {
        var body = writer.Finish();
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers[RequestIdHeader] = requestId;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
