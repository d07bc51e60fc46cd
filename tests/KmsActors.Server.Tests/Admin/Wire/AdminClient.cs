using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace KmsActors.Server.Tests.Admin;

/// <summary>The operator's client: sends JSON with a token, and trusts the certificate that it was given.</summary>
internal sealed record AdminClient(TestServer Server, HttpClient Http)
{
    public const string Root = "/admin/v1/";

    private const int LongBody = 64 * 1024;

    /// <summary>The header Authorization, or null for none.</summary>
    public string? Authorization { get; init; } = $"Bearer {TestServer.OperatorToken}";

    /// <summary>A client that trusts what the server's certificate.pem says, and nothing else.</summary>
    public static HttpClient Trusting(string dataDirectory)
    {
        var trusted = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(dataDirectory, "certificate.pem")));
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // The certificate is of the tests' clock.
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
        };
        policy.CustomTrustStore.Add(trusted);
        return new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        });
    }

    /// <summary>Sends anything: a text is a body as it stands, all else is made JSON.</summary>
    public async Task<AdminAnswer> SendAsync(
        string method, string path, object? body = null, string type = "application/json")
    {
        // Nothing may be put right on the way.
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var target = path.StartsWith('/') ? path : Root + path;
        var address = new Uri(Server.AdminAddress.GetLeftPart(UriPartial.Authority) + target, asItIs);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            var text = body as string ?? JsonSerializer.Serialize(body);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            // A server that refuses it does not read it first.
            request.Headers.ExpectContinue = text.Length > LongBody;
        }

        if (Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        using var response = await Http.SendAsync(request);
        return await AdminAnswer.OfAsync(response);
    }

    /// <summary>A call that has to succeed.</summary>
    public async Task<AdminAnswer> OkAsync(string method, string path, object? body = null, int status = 200) =>
        (await SendAsync(method, path, body)).AssertOk(status);

    public Task<AdminAnswer> GetAsync(string path) => OkAsync("GET", path);

    /// <summary>A call that has to make something.</summary>
    public Task<AdminAnswer> MakeAsync(string path, object body) => OkAsync("POST", path, body, 201);

    /// <summary>A call that has to succeed without a word.</summary>
    public Task DoneAsync(string method, string path, object? body = null) => OkAsync(method, path, body, 204);

    /// <summary>A call that has to be refused and to change nothing.</summary>
    public async Task<AdminAnswer> RefusedAsync(
        int status, string code, string? parameter, string method, string path, object? body = null)
    {
        var before = Server.Commits();
        var answer = (await SendAsync(method, path, body)).AssertRefused(status, code, parameter);
        Assert.Equal(before, Server.Commits());
        return answer;
    }

    /// <summary>A call of which one parameter has to be refused.</summary>
    public Task<AdminAnswer> InvalidAsync(string? parameter, string method, string path, object? body = null) =>
        RefusedAsync(400, "ParameterInvalid", parameter, method, path, body);
}
