using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace KmsActors.ClusterTests;

/// <summary>One of the nodes: a server process that can be killed, stopped, cut off and started again.</summary>
internal sealed class Node(Cluster cluster, int number) : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-node-").FullName;
    private readonly Dictionary<string, SignedClient> _clients = [];
    private ServerProcess? _process;

    public int Number => number;

    /// <summary>Its way to the database.</summary>
    public Link Link { get; } = new(cluster.Database);

    public Uri Address => _process!.Address;

    public string Output => _process?.Output ?? "";

    public async Task StartAsync()
    {
        var process = await ServerProcess.StartAsync(_data, [
            "--store", Link.ConnectionString, $"--Kms:Cluster:Schema={cluster.Schema}",
            $"--Kms:RootKey:File={cluster.RootKey}", "--Kms:Admin:AllowHttp=true", .. cluster.Settings]);
        lock (_clients) _clients.Clear();
        _process = process;
    }

    public void Kill() => _process!.Kill();

    /// <summary>Sends a signal: STOP, CONT or TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", $"-{name} {_process!.Id}");
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public Task<int> EndAsync() => _process!.EndAsync();

    /// <summary>Calls with an access key; null when no answer came.</summary>
    public Task<Answer?> CallAsync(string action, params (string Name, string Value)[] parameters) =>
        CallAsAsync(ServerProcess.AccessKeyId, action, parameters);

    /// <inheritdoc cref="CallAsync"/>
    public Task<Answer?> CallAsAsync(string key, string action, params (string Name, string Value)[] parameters) =>
        ClientOf(key).CallAsync(action, parameters);

    /// <summary>Who calls it with an access key.</summary>
    public SignedClient ClientOf(string key)
    {
        lock (_clients)
        {
            if (!_clients.TryGetValue(key, out var client))
                _clients.Add(key, client = new SignedClient(Address, key, ServerProcess.AccessKeySecret));
            return client;
        }
    }

    /// <summary>Calls the operator's API; null when no answer came.</summary>
    public async Task<Answer?> AdminAsync(string method, string path, object? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, "/admin/v1" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminToken);
        if (body is not null) request.Content = JsonContent.Create(body);
        try
        {
            using var answer = await Http.SendAsync(request);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var json = bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement;
            var code = answer.IsSuccessStatusCode ? null : json.GetProperty("code").GetString();
            return new Answer(code, answer.Headers.GetValues("x-request-id").Single(), json, (int)answer.StatusCode);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The status of a plain GET, or of a POST of a body; null when no answer came.</summary>
    public async Task<(int Status, string Text)?> RawAsync(string path, string? authorization = null, string? post = null)
    {
        using var request = new HttpRequestMessage(post is null ? HttpMethod.Get : HttpMethod.Post, new Uri(Address, path));
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("X-Sdk-Date", DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'"));
        if (post is not null) request.Content = new StringContent(post, null, "application/json");
        try
        {
            using var answer = await Http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<bool> IsReadyAsync() => await RawAsync("/health/ready") is { Status: 200 };

    /// <summary>Waits until it serves again by itself.</summary>
    public async Task UntilReadyAsync(TimeSpan most)
    {
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            Assert.True(watch.Elapsed < most, $"node {Number} does not serve again within {most}");
            await Task.Delay(50);
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        Link.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
