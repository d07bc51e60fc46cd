using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Sends an answer: seed 001, 1.5. Its length is known before its first byte leaves.</summary>
internal static class ResponseWriter
{
    /// <summary>Sends a success. The fields are the operation's; the RequestId is added here.</summary>
    public static Task SuccessAsync(HttpContext context, Received received, AliyunWriter fields)
    {
        fields.String("RequestId", received.RequestId);
        return SendAsync(context, StatusCodes.Status200OK, fields);
    }

    /// <summary>Sends an error.</summary>
    /// <param name="context">The call.</param>
    /// <param name="received">How to answer.</param>
    /// <param name="error">The error.</param>
    /// <param name="retryAfterSeconds">The header Retry-After, if a later try could succeed.</param>
    public static async Task ErrorAsync(
        HttpContext context, Received received, AliyunError error, int? retryAfterSeconds = null)
    {
        using AliyunWriter writer = AliyunWriter.Create(received.Format);
        writer.Error(error, received.RequestId, received.HostId);
        if (retryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await SendAsync(context, error.HttpStatus, writer);
    }

    private static async Task SendAsync(HttpContext context, int status, AliyunWriter writer)
    {
        ReadOnlyMemory<byte> body = writer.Finish();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = writer.ContentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
