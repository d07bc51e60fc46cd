using System.IO.Pipelines;
using KmsActors.Hsa;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KmsActors.Protocols.Huawei;

/// <summary>Reads a request off its connection: seed 003, 2.1. Says nothing yet of what is in its body.</summary>
internal static class RequestReader
{
    /// <summary>The longest body. The largest thing a call takes is a context of 8192 characters.</summary>
    public const int MostBodyBytes = 128 * 1024;

    /// <summary>
    /// Reads all of a request, the body of a GET too: the vendor's clients send one, and sign it. Throws for
    /// nothing that a client can send, only when it has gone away.
    /// </summary>
    /// <param name="http">The call.</param>
    /// <param name="requestId">A fresh lower-case UUID.</param>
    public static async ValueTask<Received> ReadAsync(HttpContext http, string requestId)
    {
        // HttpRequest.Path is decoded and normalized; the signature is about what was sent.
        var target = RequestTarget.Parse(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is null) return new Received(requestId, null, HuaweiErrors.UrlInvalid);

        var announced = http.Request.ContentLength ?? 0;
        var body = new PooledBuffer((int)Math.Clamp(announced, 0, MostBodyBytes));
        var isRead = false;
        try
        {
            var error = announced > MostBodyBytes
                ? HuaweiErrors.RequestTooLong
                : await ReadBodyAsync(http.Request.BodyReader, body, http.RequestAborted);
            isRead = error is null;
            if (isRead)
            {
                var request = new HuaweiRequest
                {
                    Method = http.Request.Method,
                    Target = target,
                    Headers = http.Request.Headers,
                    Body = body,
                };
                return new Received(requestId, request, null);
            }

            // What was not read must not be taken for the next request.
            if (http.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
                http.Response.Headers.Connection = "close";
            return new Received(requestId, null, error);
        }
        finally
        {
            if (!isRead) body.Dispose();
        }
    }

    private static async ValueTask<HuaweiError?> ReadBodyAsync(
        PipeReader reader, PooledBuffer body, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellation);
                var fits = body.Length + read.Buffer.Length <= MostBodyBytes;
                if (fits)
                {
                    foreach (var segment in read.Buffer) body.Append(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (!fits) return HuaweiErrors.RequestTooLong;
                if (read.IsCompleted) return null;
            }
        }
        catch (IOException)
        {
            // The server's own verdict: malformed chunks, a body that comes too slowly. Most are a
            // BadHttpRequestException, but not that of a chunk's size which no number can hold.
            return HuaweiErrors.JsonInvalid;
        }
    }
}
