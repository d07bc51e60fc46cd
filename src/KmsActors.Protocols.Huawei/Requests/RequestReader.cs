using KmsActors.Hsa;
using KmsActors.Protocols.Http;
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

        var body = new PooledBuffer((int)Math.Clamp(http.Request.ContentLength ?? 0, 0, MostBodyBytes));
        var status = BodyStatus.Broken;
        try
        {
            status = await RequestBody.ReadAsync(http.Request, body, MostBodyBytes, http.RequestAborted);
        }
        finally
        {
            if (status != BodyStatus.Whole) body.Dispose();
        }

        if (status != BodyStatus.Whole)
        {
            var isTooLong = status == BodyStatus.TooLong;
            return new Received(
                requestId, null, isTooLong ? HuaweiErrors.RequestTooLong : HuaweiErrors.JsonInvalid);
        }

        var request = new HuaweiRequest
        {
            Method = http.Request.Method,
            Target = target,
            Headers = http.Request.Headers,
            Body = body,
        };
        return new Received(requestId, request, null);
    }
}
