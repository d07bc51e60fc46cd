using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Server.Tests.Iam;

/// <summary>An answer of IAM, which is JSON or nothing at all, and never says that the server failed.</summary>
internal sealed record IamAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public string SubjectToken => Headers["x-subject-token"];

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The text at a path of names and indexes.</summary>
    public string this[string path] => path.Split('.').Aggregate(
        Json, (at, name) => int.TryParse(name, out var index) ? at[index] : at.GetProperty(name)).ToString();

    public IamAnswer AssertStatus(int expected)
    {
        Assert.True(Status == expected, $"{Status} {Text}");
        return this;
    }

    /// <summary>An error in IAM's shape.</summary>
    public void AssertError(int status, string title)
    {
        AssertStatus(status);
        Assert.Equal(["error"], Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["code", "message", "title"], Json.GetProperty("error").EnumerateObject().Select(field => field.Name));
        Assert.Equal(status, Json.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(title, this["error.title"]);
        Assert.False(Headers.ContainsKey("x-subject-token"));
    }
}

/// <summary>A client of IAM that sends whatever it is given.</summary>
internal sealed record IamClient(TestServer Server)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });

    public static string Login(string account, string user, string password, string? scope = null)
    {
        var domain = new { name = account };
        var identity = new { methods = new[] { "password" }, password = new { user = new { name = user, password, domain } } };
        return scope is null
            ? JsonSerializer.Serialize(new { auth = new { identity } })
            : JsonSerializer.Serialize(new { auth = new { identity, scope = JsonDocument.Parse(scope).RootElement } });
    }

    /// <summary>For the project of the server's region.</summary>
    public Task<IamAnswer> LogInAsync(string account, string user, string password) =>
        PostAsync(Login(account, user, password, """{"project":{"name":"cn-hangzhou"}}"""));

    public Task<IamAnswer> PostAsync(string body) => SendAsync("POST", "/v3/auth/tokens", Encoding.UTF8.GetBytes(body));

    public Task<IamAnswer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, null, headers);

    /// <summary>A call by token, about another.</summary>
    public Task<IamAnswer> AboutTokenAsync(string method, string by, string about) =>
        SendAsync(method, "/v3/auth/tokens", null, ("X-Auth-Token", by), ("X-Subject-Token", about));

    public async Task<IamAnswer> SendAsync(
        string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Server.Address, path));
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await Http.SendAsync(request);
        Assert.True((int)response.StatusCode < 500, $"{response.StatusCode}");
        Assert.True(response.Headers.Contains("x-request-id"));
        return new IamAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.ToDictionary(
                header => header.Key, header => header.Value.Single(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A GET as the vendor's SDK signs it, with the body that it sends.</summary>
    public Task<IamAnswer> SignedGetAsync(Credentials key, string path, string query = "")
    {
        var body = "{}"u8.ToArray();
        var date = Server.Clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'");
        var canonical =
            $"GET\n{path}/\n{query}\nhost:{Server.Address.Authority}\nx-sdk-date:{date}\n\nhost;x-sdk-date\n{Hash(body)}";
        var text = $"SDK-HMAC-SHA256\n{date}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Secret), Encoding.UTF8.GetBytes(text));
        var authorization =
            $"SDK-HMAC-SHA256 Access={key.Id}, SignedHeaders=host;x-sdk-date, Signature={Convert.ToHexStringLower(signature)}";
        return SendAsync(
            "GET", query.Length == 0 ? path : $"{path}?{query}", body, ("X-Sdk-Date", date), ("Authorization", authorization));
    }

    public static string ProjectId(string account) => Hash(Encoding.UTF8.GetBytes($"kmsactors/project/cn-hangzhou/{account}"))[..32];

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
