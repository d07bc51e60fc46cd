using System.Text;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun.Tests;

/// <summary>Requests as the vendor's clients put them on the wire, and the means to read them.</summary>
internal static class Calls
{
    public const string RequestId = "284b2b80-9b17-4546-a093-adfbae512a54";
    public const string FormType = "application/x-www-form-urlencoded";

    /// <summary>A whole and correctly formed set of RPC parameters; the signature is a dummy.</summary>
    public const string Common =
        "AccessKeyId=testid&Action=DescribeKey&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0"
        + "&Timestamp=2016-03-28T03%3A13%3A08Z&Version=2016-01-20&Signature=c2ln";

    public static readonly byte[] Secret = "testsecret"u8.ToArray();

    public static DefaultHttpContext Context(
        string method,
        string query = "",
        byte[]? body = null,
        string? contentType = null,
        bool isChunked = false)
    {
        DefaultHttpContext context = new();
        HttpRequest request = context.Request;
        request.Method = method;
        request.Protocol = "HTTP/1.1";
        request.Path = "/";
        request.Headers.Host = "kms.cn-hangzhou.aliyuncs.com";
        request.QueryString = query.Length == 0 ? default : new QueryString("?" + query);
        request.Body = new MemoryStream(body ?? []);
        if (contentType is not null) request.ContentType = contentType;
        if (!isChunked) request.ContentLength = body?.Length ?? 0;
        context.Response.Body = new MemoryStream();
        return context;
    }

    public static ValueTask<Received> Read(HttpContext context) =>
        RequestReader.ReadAsync(context, RequestId);

    public static ValueTask<Received> ReadQuery(string query) => Read(Context("GET", query));

    public static ValueTask<Received> ReadForm(string body) =>
        Read(Context("POST", body: Encoding.UTF8.GetBytes(body), contentType: FormType));

    public static Parameters Parse(string query, string body = "")
    {
        PooledBuffer text = new(16);
        text.Append(query);
        int queryLength = text.Length;
        text.Append(body);
        return Parameters.Parse(text, queryLength);
    }

    /// <summary>A request with an RPC signature, whatever its Version.</summary>
    public static AliyunRequest Rpc(string method, string parameters, bool isSha256 = false) => new()
    {
        Method = method,
        Action = "Any",
        AccessKeyId = "testid",
        Timestamp = default,
        Nonce = null,
        IsRpcSha256 = isSha256,
        Parameters = Parse(parameters),
    };

    /// <summary>A request with an ACS3 signature over all headers given.</summary>
    public static AliyunRequest Acs3(
        string signature, string query, byte[] body, params (string Name, string Value)[] headers)
    {
        HeaderDictionary dictionary = [];
        foreach ((string name, string value) in headers) dictionary[name] = value;
        string signed = string.Join(';', headers.Select(h => h.Name).Order(StringComparer.Ordinal));
        return new()
        {
            Method = "POST",
            Action = "Any",
            AccessKeyId = "testid",
            Timestamp = default,
            Nonce = null,
            Acs3 = new(signed, signature, dictionary, System.Security.Cryptography.SHA256.HashData(body)),
            Parameters = Parse(query, Encoding.UTF8.GetString(body)),
        };
    }

    public static string Text(this PooledBuffer buffer) => Encoding.UTF8.GetString(buffer.Written);

    /// <summary>An encoder that shares nothing with the one under test.</summary>
    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(
        b => char.IsAsciiLetterOrDigit((char)b) || "-_.~".Contains((char)b) ? $"{(char)b}" : $"%{b:X2}"));
}
