using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace KmsActors.Backup.Tests;

/// <summary>A server process, its operator and its first tenant.</summary>
internal sealed class Service : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    private Service(ServerProcess process)
    {
        Process = process;
        Tenant = new SignedClient(process.Address);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = process.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminToken);
    }

    public ServerProcess Process { get; }

    public SignedClient Tenant { get; }

    /// <summary>Starts one at a port that it keeps when it starts anew.</summary>
    public static async Task<Service> StartAsync(string data, params string[] more)
    {
        var urls = $"http://127.0.0.1:{FreePort.Find()}";
        return new Service(await ServerProcess.StartAsync(
            data, ["--urls", urls, "--Kms:Admin:AllowHttp=true", .. more]));
    }

    /// <summary>A call of the operator's, whatever comes of it.</summary>
    public async Task<(int Status, JsonElement Body)> AdminAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"/admin/v1/{path}", UriKind.Relative));
        request.Content = content;
        using var answer = await _http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return ((int)answer.StatusCode, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement);
    }

    /// <summary>A call of the operator's that has to succeed.</summary>
    public async Task<JsonElement> AdminOkAsync(string method, string path, object? body = null)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        var (status, answer) = await AdminAsync(method, path, content);
        Assert.True(status is >= 200 and <= 299, $"{status} {answer}");
        return answer;
    }

    /// <summary>A call of the tenant's that has to succeed.</summary>
    public async Task<Answer> OkAsync(string action, params (string Name, string Value)[] parameters)
    {
        var answer = await Tenant.CallAsync(action, parameters);
        Assert.True(answer is { Code: null }, $"{action}: {answer?.Body}");
        return answer!;
    }

    /// <summary>A request of any shape; its status.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _http.SendAsync(request);

    public async Task<byte[]> BackUpAsync() => await _http.GetByteArrayAsync(new Uri("/admin/v1/backup", UriKind.Relative));

    /// <summary>Puts a copy in place and waits until it is served.</summary>
    public async Task RestoreAsync(byte[] copy)
    {
        using var content = new ByteArrayContent(copy);
        var (status, answer) = await AdminAsync("POST", "restore", content);
        Assert.True(status == 202, answer.ToString());
        var id = answer.GetProperty("requestId").GetString();
        using var late = new CancellationTokenSource(Patience);
        while (await RestoredAsync() != id) await Task.Delay(50, late.Token);
    }

    /// <summary>The numbers of all accounts but the first.</summary>
    public async Task<string[]> AccountsAsync() =>
    [
        .. (await AdminOkAsync("GET", "accounts")).GetProperty("items").EnumerateArray()
            .Select(account => account.GetProperty("number").GetString()!)
            .Where(number => number != ServerProcess.Account),
    ];

    public void Dispose()
    {
        _http.Dispose();
        Tenant.Dispose();
        Process.Dispose();
    }

    private async Task<string?> RestoredAsync()
    {
        try
        {
            var (_, service) = await AdminAsync("GET", "service");
            return service.TryGetProperty("restored", out var restored) ? restored.GetProperty("requestId").GetString() : null;
        }
        catch (Exception starting) when (starting is HttpRequestException or SocketException)
        {
            return null;
        }
    }
}
