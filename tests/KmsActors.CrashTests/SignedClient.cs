using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.CrashTests;

/// <summary>An answer of the server.</summary>
/// <param name="Code">The error's code; null for success.</param>
/// <param name="RequestId">Under which a commit stands in the audit record.</param>
/// <param name="Body">The whole answer.</param>
/// <param name="Status">Of HTTP.</param>
internal sealed record Answer(string? Code, string RequestId, JsonElement Body, int Status)
{
    public string Text(params ReadOnlySpan<string> path)
    {
        var element = Body;
        foreach (var name in path) element = element.GetProperty(name);
        return element.ToString();
    }
}

/// <summary>Calls by POST with everything in the form, RPC signature 1.0, answers in JSON.</summary>
internal sealed class SignedClient(
    Uri address,
    string accessKeyId = ServerProcess.AccessKeyId,
    string accessKeySecret = ServerProcess.AccessKeySecret) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The answer, or null when none came.</summary>
    public Task<Answer?> CallAsync(string action, params (string Name, string Value)[] parameters) =>
        SendAsync(Sign(action, parameters));

    /// <summary>The answer to what <see cref="Sign"/> has made, or null when none came.</summary>
    public async Task<Answer?> SendAsync(string signed)
    {
        using var form = new StringContent(signed, Encoding.ASCII, "application/x-www-form-urlencoded");
        try
        {
            using var answer = await _http.PostAsync(new Uri("/", UriKind.Relative), form);
            var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
            return new Answer(
                answer.IsSuccessStatusCode ? null : body.GetProperty("Code").GetString(),
                body.GetProperty("RequestId").GetString()!,
                body,
                (int)answer.StatusCode);
        }
        catch (Exception unanswered) when (unanswered is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A call's form.</summary>
    public string Sign(string action, (string Name, string Value)[] parameters)
    {
        var now = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        (string Name, string Value)[] all =
        [
            ("Action", action), ("Format", "JSON"), ("Version", "2016-01-20"), ("Timestamp", now),
            ("AccessKeyId", accessKeyId), ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"), ("SignatureNonce", Guid.NewGuid().ToString()), .. parameters,
        ];
        var canonical = string.Join('&', all
            .OrderBy(each => each.Name, StringComparer.Ordinal)
            .Select(each => $"{Uri.EscapeDataString(each.Name)}={Uri.EscapeDataString(each.Value)}"));
        var toSign = Encoding.UTF8.GetBytes($"POST&%2F&{Uri.EscapeDataString(canonical)}");
        var key = Encoding.UTF8.GetBytes(accessKeySecret + "&");
#pragma warning disable CA5350 // The protocol's own.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(key, toSign));
#pragma warning restore CA5350
        return $"{canonical}&Signature={Uri.EscapeDataString(signature)}";
    }
}
