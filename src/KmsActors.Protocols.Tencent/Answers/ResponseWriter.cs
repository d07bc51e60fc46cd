using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Sends an answer, always with status 200: clients take any other for a failure of the network. Its length is
/// known before its first byte leaves.
/// </summary>
internal static class ResponseWriter
{
    private const string RetryAfterSeconds = "1";

    public static Task SuccessAsync(HttpContext http, TencentWriter answer) => SendAsync(http, answer);

    public static async Task ErrorAsync(HttpContext http, string requestId, TencentError error)
    {
        using var answer = TencentWriter.Failure(requestId, error);
        if (error.IsForNow) http.Response.Headers.RetryAfter = RetryAfterSeconds;
        await SendAsync(http, answer);
    }

    private static async Task SendAsync(HttpContext http, TencentWriter answer)
    {
        var body = answer.Finish();
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
