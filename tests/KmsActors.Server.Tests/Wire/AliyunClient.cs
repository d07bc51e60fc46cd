using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>An access key.</summary>
internal sealed record Credentials(string Id, string Secret);

/// <summary>
/// A client of both signatures, written from the document and sharing nothing with the server. It signs
/// whatever it is given: what is broken arrives broken.
/// </summary>
internal sealed record AliyunClient(Uri Address, Credentials Key, TimeProvider Time)
{
    public const string FormType = "application/x-www-form-urlencoded";
    private const string Version = "2016-01-20";

    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
    });

    public WireForm Form { get; init; } = WireForm.Plain;

    /// <summary>The time to sign with, when it is not the server's.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The nonce to sign with, when it is not a fresh one.</summary>
    public string? Nonce { get; init; }

    /// <summary>Common parameters, or headers of ACS3, of another value; null leaves one out.</summary>
    public (string Name, string? Value)[] Common { get; init; } = [];

    private string Now => (Timestamp ?? Time.GetUtcNow()).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private string NonceNow => Nonce ?? Guid.NewGuid().ToString("N");

    public Task<Answer> CallAsync(string action, params Args parameters) => SendAsync(Sign(action, parameters));

    public async Task<Answer> SendAsync(SignedCall call)
    {
        using var request = call.ToRequest(Address);
        using var response = await Http.SendAsync(request);
        var answer = Answer.Of(
            (int)response.StatusCode,
            response.Content.Headers.NonValidated["Content-Type"].ToString(),
            await response.Content.ReadAsByteArrayAsync());
        answer.RetryAfter = response.Headers.RetryAfter?.ToString();
        return answer;
    }

    public SignedCall Sign(string action, params Args parameters) =>
        Form.Scheme == Scheme.Acs3 ? SignAcs3(action, parameters) : SignRpc(action, parameters);

    /// <summary>RFC 3986: unreserved characters stay, all else is %XY.</summary>
    public static string Encode(string text) => text.All(IsUnreserved)
        ? text
        : string.Concat(Encoding.UTF8.GetBytes(text).Select(b => IsUnreserved((char)b) ? $"{(char)b}" : $"%{b:X2}"));

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static string Join(IEnumerable<(string Name, string Value)> parameters) =>
        string.Join('&', parameters.Select(p => $"{Encode(p.Name)}={Encode(p.Value)}"));

    // OrderBy is stable: the values of a doubled name stay in their order.
    private static string Canonical(IEnumerable<(string Name, string Value)> parameters) =>
        Join(parameters.OrderBy(p => p.Name, StringComparer.Ordinal));

    private List<(string Name, string Value)> WithCommon(IEnumerable<(string Name, string? Value)> standard) =>
    [
        .. standard.Where(s => s.Value is not null && Common.All(c => c.Name != s.Name))
            .Concat(Common.Where(c => c.Value is not null))
            .Select(p => (p.Name, p.Value!)),
    ];

    private SignedCall SignRpc(string action, Args parameters)
    {
        var isSha256 = Form.Scheme == Scheme.RpcSha256;
        var method = Form.Carrier == Carrier.GetQuery ? "GET" : "POST";
        var all = WithCommon(
        [
            ("Action", action),
            ("Format", Form.Format),
            ("Version", Version),
            ("AccessKeyId", Key.Id),
            ("SignatureMethod", isSha256 ? "HMAC-SHA256" : "HMAC-SHA1"),
            ("SignatureNonce", NonceNow),
            ("SignatureVersion", "1.0"),
            ("Timestamp", Now),
        ]);
        all.AddRange(parameters);
        var toSign = Encoding.UTF8.GetBytes(
            $"{method}&%2F&{Encode(Canonical(all.Where(p => p.Name != "Signature")))}");
        var key = Encoding.UTF8.GetBytes(Key.Secret + "&");
#pragma warning disable CA5350 // What the document prescribes.
        var mac = isSha256 ? HMACSHA256.HashData(key, toSign) : HMACSHA1.HashData(key, toSign);
#pragma warning restore CA5350
        if (Common.All(c => c.Name != "Signature")) all.Add(("Signature", Convert.ToBase64String(mac)));
        var text = Join(all);
        return Form.Carrier == Carrier.PostForm
            ? new SignedCall(method, "", text, [("Content-Type", FormType)])
            : new SignedCall(method, text, null, []);
    }

    private SignedCall SignAcs3(string action, Args parameters)
    {
        var isForm = Form.Carrier == Carrier.PostForm;
        var method = Form.Carrier == Carrier.GetQuery ? "GET" : "POST";
        var body = isForm ? Join(parameters) : null;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body ?? "")));
        var headers = WithCommon(
        [
            ("x-acs-action", action),
            ("x-acs-version", Version),
            ("x-acs-date", Now),
            ("x-acs-signature-nonce", NonceNow),
            ("x-acs-content-sha256", hash),
            ("x-acs-credentials-provider", "static_ak"),
            ("Content-Type", isForm ? FormType : null),
        ]);
        var signed = headers.Append(("host", Address.Authority))
            .Select(h => (Name: h.Item1.ToLowerInvariant(), Value: h.Item2.Trim()))
            .OrderBy(h => h.Name, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(';', signed.Select(h => h.Name));
        var canonical = string.Join('\n',
        [
            method, "/", isForm ? "" : Canonical(parameters),
            .. signed.Select(h => $"{h.Name}:{h.Value}"), "", names, hash,
        ]);
        var request = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(Key.Secret), Encoding.UTF8.GetBytes($"ACS3-HMAC-SHA256\n{request}")));
        headers.Add((
            "Authorization",
            $"ACS3-HMAC-SHA256 Credential={Key.Id},SignedHeaders={names},Signature={signature}"));
        return new SignedCall(method, isForm ? "" : Join(parameters), body, [.. headers]);
    }
}

/// <summary>A call ready to be sent, or to be spoiled first.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Query">The query as it goes over the wire.</param>
/// <param name="Body">The body as it goes over the wire, or null.</param>
/// <param name="Headers">All but Host and Content-Length.</param>
internal sealed record SignedCall(string Method, string Query, string? Body, Args Headers)
{
    public string Path { get; init; } = "/";

    private string Target => Query.Length == 0 ? Path : $"{Path}?{Query}";

    public HttpRequestMessage ToRequest(Uri address)
    {
        // Nothing may be put right on the way: a server has to cope with what is sent.
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(
            new HttpMethod(Method), new Uri(address.GetLeftPart(UriPartial.Authority) + Target, asItIs));
        if (Method != "GET" || Body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body ?? ""));
        foreach (var (name, value) in Headers)
        {
            HttpHeaders to = name == "Content-Type" ? request.Content!.Headers : request.Headers;
            Assert.True(to.TryAddWithoutValidation(name, value));
        }

        return request;
    }

    /// <summary>The same as text, for a raw socket.</summary>
    public string ToText(Uri address)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {address.Authority}\r\n");
        foreach (var (name, value) in Headers) head.Append($"{name}: {value}\r\n");
        if (Body is not null) head.Append($"Content-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n");
        return $"{head}\r\n{Body}";
    }
}
