using System.Text;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Tencent.Tests;

/// <summary>Requests as the vendor's clients put them on the wire, and the means to read them.</summary>
internal static class Calls
{
    public const string RequestId = "284b2b80-9b17-4546-a093-adfbae512a54";

    /// <summary>A whole and correctly formed set of parameters; the signature is a dummy.</summary>
    public const string Common =
        "Action=ListKey&SecretId=testid&Timestamp=1500000000&Nonce=12345&Region=gz&Signature=c2ln";

    public static DefaultHttpContext Context(string method, string query = "", string? body = null, string? type = null)
    {
        var context = new DefaultHttpContext();
        var (request, bytes) = (context.Request, Encoding.UTF8.GetBytes(body ?? ""));
        request.Method = method;
        request.Protocol = "HTTP/1.1";
        request.Path = TencentEndpoint.Path;
        request.Headers.Host = "kms-gz.api.qcloud.com";
        request.QueryString = query.Length == 0 ? default : new QueryString("?" + query);
        request.Body = new MemoryStream(bytes);
        request.ContentLength = bytes.Length;
        if (type is not null) request.ContentType = type;
        context.Response.Body = new MemoryStream();
        return context;
    }

    public static ValueTask<Received> ReadQuery(string query) =>
        RequestReader.ReadAsync(Context("GET", query), RequestId);

    public static ValueTask<Received> ReadForm(string body, string? type = null) =>
        RequestReader.ReadAsync(Context("POST", body: body, type: type), RequestId);

    public static Parameters Parse(IEnumerable<(string Name, string Value)> parameters)
    {
        var text = new PooledBuffer(16);
        text.Append(string.Join('&', parameters.Select(p => $"{Encode(p.Name)}={Encode(p.Value)}")));
        return Parameters.Parse(text, text.Length);
    }

    /// <summary>A request of these parameters, with this signature.</summary>
    public static TencentRequest Request(
        string method, string host, string signature, bool isSha256, params (string Name, string Value)[] parameters) => new()
    {
        Method = method,
        Host = host,
        Action = "Any",
        SecretId = "any",
        Timestamp = default,
        Signature = signature,
        IsSha256 = isSha256,
        Parameters = Parse([.. parameters, ("Signature", signature)]),
    };

    /// <summary>An encoder that shares nothing with the product.</summary>
    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(
        b => char.IsAsciiLetterOrDigit((char)b) || "-_.~".Contains((char)b) ? $"{(char)b}" : $"%{b:X2}"));
}
