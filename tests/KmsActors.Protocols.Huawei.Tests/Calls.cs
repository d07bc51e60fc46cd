using System.Text;
using KmsActors.Hsa;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Requests as the vendor's clients put them on the wire, and the means to read them.</summary>
internal static class Calls
{
    public const string RequestId = "284b2b80-9b17-4546-a093-adfbae512a54";
    public const string Project = "53d1aefc533f4ce9a59c26b01667cbcf";
    public const string KeyId = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";
    public const string Root = $"/v1.0/{Project}/kms/";

    public static DefaultHttpContext Context(string method, string target, byte[]? body = null, bool isChunked = false)
    {
        DefaultHttpContext context = new();
        HttpRequest request = context.Request;
        request.Method = method;
        request.Protocol = "HTTP/1.1";
        request.Headers.Host = "kms.example";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        request.Body = new MemoryStream(body ?? []);
        if (!isChunked) request.ContentLength = body?.Length ?? 0;
        context.Response.Body = new MemoryStream();
        return context;
    }

    public static ValueTask<Received> Read(HttpContext context) => RequestReader.ReadAsync(context, RequestId);

    /// <summary>A request that has been read.</summary>
    public static HuaweiRequest Request(
        string method, string target, byte[] body, params (string Name, string Value)[] headers)
    {
        PooledBuffer buffer = new(body.Length);
        buffer.Append(body);
        HeaderDictionary dictionary = [];
        foreach (IGrouping<string, string> header in headers.GroupBy(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase))
            dictionary[header.Key] = header.ToArray();
        return new() { Method = method, Target = RequestTarget.Parse(target)!, Headers = dictionary, Body = buffer };
    }

    /// <summary>A binder over a body that was POSTed.</summary>
    public static FieldBinder Bind(string json) => Bind(Encoding.UTF8.GetBytes(json));

    public static FieldBinder Bind(byte[] json) => new(Request("POST", Root + "any", json));

    public static string Text(this PooledBuffer buffer) => Encoding.UTF8.GetString(buffer.Written);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The body of the answer, whose length has to be the announced one.</summary>
    public static string Body(this HttpContext context)
    {
        byte[] bytes = ((MemoryStream)context.Response.Body).ToArray();
        Assert.Equal(context.Response.ContentLength ?? 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }
}
