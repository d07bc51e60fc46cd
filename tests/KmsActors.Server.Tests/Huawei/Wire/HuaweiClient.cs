using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>A call before anybody has signed it.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">What stands behind <c>/v1.0/{project_id}/kms/</c>, as it is sent.</param>
/// <param name="Body">JSON, or null for none at all.</param>
internal sealed record Ask(string Method, string Path, string? Body)
{
    public static Ask Post(string path, object fields) => new("POST", path, HuaweiJson.Of(fields));

    // The vendor's clients send a body with a GET, which means nothing, and none with a DELETE.
    public static Ask Get(string path) => new("GET", path, "{}");

    public static Ask Delete(string path) => new("DELETE", path, null);
}

/// <summary>A call as it goes onto the wire.</summary>
internal sealed record ProvenAsk(string Method, string Target, byte[]? Body, (string Name, string Value)[] Headers)
{
    public HttpRequestMessage ToRequest(Uri address)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(address, Target));
        if (Body is not null) request.Content = new ByteArrayContent(Body);
        foreach (var (name, value) in Headers)
        {
            var of = name == "content-type" ? (HttpHeaders?)request.Content?.Headers : request.Headers;
            if (name != "host") of?.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>The same as HTTP/1.1 by hand.</summary>
    public byte[] ToBytes()
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers) head.Append($"{name}: {value}\r\n");
        if (Body is not null) head.Append($"content-length: {Body.Length}\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];
    }
}

/// <summary>
/// A client of Huawei's protocol, written from the document and sharing nothing with the server. It signs
/// whatever it is given: what is broken arrives broken. With a token it does not sign.
/// </summary>
internal sealed record HuaweiClient(Uri Address, Credentials Key, TimeProvider Time, string ProjectId)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
    });

    /// <summary>The token in place of a signature.</summary>
    public string? Token { get; init; }

    /// <summary>The time to sign with, when it is not the server's.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Signed headers of another value or beside the usual ones; null leaves one out.</summary>
    public (string Name, string? Value)[] Headers { get; init; } = [];

    public async Task<HuaweiAnswer> SendAsync(Ask ask) => await SendAsync(Prove(ask));

    public async Task<HuaweiAnswer> SendAsync(ProvenAsk ask)
    {
        using var request = ask.ToRequest(Address);
        using var response = await Http.SendAsync(request);
        return await HuaweiAnswer.OfAsync(response);
    }

    /// <summary>For answers that are the server's own fault, which no other call here may have.</summary>
    public async Task<(int Status, string Text)> RawAsync(Ask ask)
    {
        using var request = Prove(ask).ToRequest(Address);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>With what proves who sends it: the token, or else a signature of this minute.</summary>
    public ProvenAsk Prove(Ask ask) =>
        Prove(ask.Method, ask.Path, ask.Body is null ? null : Encoding.UTF8.GetBytes(ask.Body));

    public ProvenAsk Prove(string method, string path, byte[]? body)
    {
        var target = $"/v1.0/{ProjectId}/kms/{path}";
        var headers = SignedHeaders(body is not null);
        var proof = Token is not null
            ? ("x-auth-token", Token)
            : ("authorization", Authorization(method, target, headers, body ?? []));
        return new ProvenAsk(method, target, body, [.. headers, proof]);
    }

    private (string Name, string Value)[] SignedHeaders(bool hasBody)
    {
        (string Name, string? Value)[] usual =
        [
            ("content-type", hasBody ? "application/json" : null),
            ("host", Address.Authority),
            ("x-project-id", ProjectId),
            ("x-sdk-date", $"{(Timestamp ?? Time.GetUtcNow()).UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"),
        ];
        return
        [
            .. usual.Where(h => Headers.All(other => other.Name != h.Name)).Concat(Headers)
                .Where(h => h.Value is not null)
                .Select(h => (h.Name, h.Value!))
                .OrderBy(h => h.Name, StringComparer.Ordinal),
        ];
    }

    private string Authorization(string method, string target, (string Name, string Value)[] headers, byte[] body)
    {
        var names = string.Join(';', headers.Select(h => h.Name));
        var hash = headers.FirstOrDefault(h => h.Name == "x-sdk-content-sha256").Value ?? HexHash(body);
        var lines = string.Concat(headers.Select(h => $"{h.Name}:{h.Value.Trim()}\n"));
        var parts = target.Split('?', 2);
        var canonical = $"{method}\n{Canonical(parts[0])}/\n{parts.ElementAtOrDefault(1)}\n{lines}\n{names}\n{hash}";
        var date = headers.FirstOrDefault(h => h.Name == "x-sdk-date").Value;
        var text = $"SDK-HMAC-SHA256\n{date}\n{HexHash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key.Secret), Encoding.UTF8.GetBytes(text));
        return $"SDK-HMAC-SHA256 Access={Key.Id}, SignedHeaders={names}, "
            + $"Signature={Convert.ToHexStringLower(signature)}";
    }

    // As the vendor's own does it: what is escaped already is escaped again.
    private static string Canonical(string path) =>
        string.Join('/', path.TrimEnd('/').Split('/').Select(AliyunClient.Encode));

    private static string HexHash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
