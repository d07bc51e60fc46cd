using System.Security.Cryptography;
using System.Text;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// Reads a request of any form that the vendor's clients send: all parameters in a form body, all in the
/// query, even of a POST, or some in each; signed by the parameters (seed 001, 1.4) or by the headers (ACS3).
/// </summary>
internal static class RequestReader
{
    /// <summary>The longest body: a Description of 8192 characters is 74 KB when encoded.</summary>
    public const int MostBodyBytes = 256 * 1024;

    /// <summary>The longest SignatureNonce and AccessKeyId, in characters.</summary>
    public const int LongestToken = NonceCache.LongestToken;

    /// <summary>The only version of this API.</summary>
    public const string Version = "2016-01-20";

    /// <summary>
    /// Reads all of a request. Throws for nothing that a client can send, only when it has gone away.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="requestId">A fresh lower-case UUID.</param>
    public static async ValueTask<Received> ReadAsync(HttpContext context, string requestId)
    {
        HttpRequest http = context.Request;
        bool isAcs3 = Acs3Authorization.IsOffered(http.Headers.Authorization);
        FormText text = new(http, MostBodyBytes);
        Parameters? parameters = null;
        AliyunRequest? request = null;
        try
        {
            AliyunError? error = http.Method is "GET" or "POST"
                ? await ReadBodyAsync(text, context.RequestAborted)
                : AliyunErrors.UnsupportedHttpMethod;

            // Decoding is done in place, so the hash of the body is taken before.
            byte[]? bodyHash = isAcs3 && error is null ? SHA256.HashData(text.Body) : null;
            parameters = Parameters.Parse(text.Bytes, text.QueryLength, kept: "Format");
            error ??= ErrorIn(parameters);
            if (error is null)
            {
                error = bodyHash is null
                    ? RpcCommon.Read(http, parameters, out request)
                    : Acs3Authorization.Read(http, parameters, bodyHash, out request);
            }

            // Clients with ACS3 send no Format and understand only JSON; seed 001, 1.3 has XML as default.
            AliyunFormat format = isAcs3 || AsksForJson(parameters) ? AliyunFormat.Json : AliyunFormat.Xml;
            return new Received(format, requestId, http.Headers.Host.ToString(), request, error);
        }
        finally
        {
            if (parameters is null) text.Bytes.Dispose();
            else if (request is null) parameters.Dispose();
        }
    }

    private static async ValueTask<AliyunError?> ReadBodyAsync(FormText text, CancellationToken aborted) =>
        await text.TryReadBodyAsync(aborted) ? null : AliyunErrors.ParseRequestParameterException;

    private static AliyunError? ErrorIn(Parameters parameters)
    {
        if (parameters.AreMalformed) return AliyunErrors.ParseRequestParameterException;
        return parameters.DoubledName is { } name ? AliyunErrors.InvalidParameter(name) : null;
    }

    /// <summary>True if there is a Format of JSON among whatever could be read.</summary>
    private static bool AsksForJson(Parameters parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters.Name(i).SequenceEqual("Format"u8)
                && Ascii.EqualsIgnoreCase(parameters.Value(i), "JSON"))
                return true;
        }

        return false;
    }
}
