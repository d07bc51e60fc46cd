using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>The operator's side: JSON over HTTPS, by bearer token.</summary>
internal sealed class AdminClient(Service service, string token)
{
    private const string Base = "/admin/v1/";
    private const int PageSize = 1000;

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<JsonElement> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<JsonElement> PostAsync(string path, Action<Utf8JsonWriter>? body = null) =>
        SendAsync(HttpMethod.Post, path, body);

    public Task<JsonElement> PutAsync(string path, Action<Utf8JsonWriter>? body = null) =>
        SendAsync(HttpMethod.Put, path, body);

    public Task<JsonElement> PatchAsync(string path, Action<Utf8JsonWriter> body) =>
        SendAsync(HttpMethod.Patch, path, body);

    /// <summary>A request for a long answer, which the caller reads.</summary>
    public async Task<HttpResponseMessage> GetLongAsync(string path)
    {
        using var request = Request(HttpMethod.Get, path, null);
        return await service.SendLongAsync(request);
    }

    /// <summary>A request with a long body; the answer's JSON.</summary>
    public async Task<JsonElement> PostLongAsync(string path, HttpContent content, Action<HttpRequestHeaders> headers)
    {
        using var request = Request(HttpMethod.Post, path, null);
        request.Content = content;
        // A service that refuses it need not be sent it first.
        request.Headers.ExpectContinue = true;
        headers(request.Headers);
        using var response = await service.SendLongAsync(request);
        return await service.ReadAsync(response);
    }

    /// <summary>All items of a list, or the first of them, page by page.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, int? limit = null)
    {
        var items = new List<JsonElement>();
        string? after = null;
        do
        {
            var page = Math.Min(PageSize, (limit ?? int.MaxValue) - items.Count);
            var query = $"{path}?limit={page}" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            var answer = await GetAsync(query);
            items.AddRange(answer.Items("items"));
            after = answer.Text("next");
        }
        while (after is not null && (limit is null || items.Count < limit));
        return items;
    }

    /// <summary>The path of an account or of what it has; each name is escaped.</summary>
    public static string Account(params ReadOnlySpan<string> names) => Path("accounts", names);

    /// <summary>The path of something in a list; each name is escaped.</summary>
    public static string Path(string list, params ReadOnlySpan<string> names)
    {
        var path = new StringBuilder(list);
        foreach (var name in names)
        {
            // It would name something else than what is meant: the part of the path before it.
            if (name is "" or "." or "..") throw new CliException($"'{name}' is no name.");
            path.Append('/').Append(Uri.EscapeDataString(name));
        }

        return path.ToString();
    }

    // Bodies can hold passwords.
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? write)
    {
        var body = write is null ? null : Json(write);
        try
        {
            return (await service.SendAsync(() => Request(method, path, body))).Root!.Value;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, new Uri(service.Address, Base + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return bytes;
    }
}
