using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Reads a request of any form that the vendor's clients send: all parameters in the query of a GET or in the
/// form of a POST, which may not say that it is one (dialects, section 1).
/// </summary>
internal static class RequestReader
{
    /// <summary>The longest body. A context of 8192 characters takes up to 74 KB when encoded.</summary>
    public const int MostBodyBytes = 128 * 1024;

    /// <summary>
    /// Reads all of a request. Throws for nothing that a client can send, only when it has gone away.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="requestId">A fresh lower-case UUID.</param>
    public static async ValueTask<Received> ReadAsync(HttpContext context, string requestId)
    {
        var http = context.Request;
        if (http.Method is not ("GET" or "POST")) return new Received(requestId, null, TencentErrors.MethodUnexpected);
        var text = new FormText(http, MostBodyBytes);
        Parameters? parameters = null;
        TencentRequest? request = null;
        try
        {
            if (!await text.TryReadBodyAsync(context.RequestAborted))
                return new Received(requestId, null, TencentErrors.RequestUnreadable);
            parameters = Parameters.Parse(text.Bytes, text.QueryLength);
            var error = ErrorIn(parameters) ?? CommonParameters.Read(http, parameters, out request);
            return new Received(requestId, request, error);
        }
        finally
        {
            if (parameters is null) text.Bytes.Dispose();
            else if (request is null) parameters.Dispose();
        }
    }

    // Of two of one name nobody could say which is meant, and the signature does not say where one ends.
    private static TencentError? ErrorIn(Parameters parameters)
    {
        if (parameters.AreMalformed) return TencentErrors.RequestUnreadable;
        return parameters.DoubledName is null ? null : TencentErrors.RequestInvalid;
    }
}
