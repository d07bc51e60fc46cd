using System.Text.Json;

namespace KmsActors.Server.Tests.Admin;

/// <summary>
/// An answer of the operator's API. Whatever was asked, it is JSON or nothing, names its request, may not be kept by
/// anybody on the way, and an error is a problem of RFC 9457, never of the server's own; that is held against every
/// answer.
/// </summary>
internal sealed class AdminAnswer
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] SuccessTypes = ["application/json", "application/vnd.sqlite3"];
    private static readonly string[] ErrorFields = ["type", "title", "status", "code", "requestId", "parameter"];

    private AdminAnswer(int status, string requestId, string text)
    {
        (Status, RequestId, Text) = (status, requestId, text);
        if (text.Length == 0 || text.StartsWith("SQLite format 3\0", StringComparison.Ordinal)) return;
        using var document = JsonDocument.Parse(text, Strict);
        Json = document.RootElement.Clone();
    }

    public int Status { get; }

    public string RequestId { get; }

    public string Text { get; }

    public JsonElement Json { get; }

    /// <summary>What the header WWW-Authenticate says.</summary>
    public string? Challenge { get; private init; }

    /// <summary>The error's code; empty for a success.</summary>
    public string Code => Status < 400 ? "" : this["code"];

    /// <summary>What of the request is wrong, or null.</summary>
    public string? Parameter => Json.TryGetProperty("parameter", out var name) ? name.GetString() : null;

    /// <summary>The text at a path of names and places.</summary>
    public string this[string path] => At(path).ToString();

    public static async Task<AdminAnswer> OfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var requestId = response.Headers.GetValues("x-request-id").Single();
        var answer = new AdminAnswer((int)response.StatusCode, requestId, text)
        {
            Challenge = response.Headers.WwwAuthenticate.FirstOrDefault()?.ToString(),
        };
        Assert.True(answer.Status < 500, $"{answer.Status} {text}");
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.True(Guid.TryParseExact(answer.RequestId, "D", out _));
        var type = response.Content.Headers.ContentType?.MediaType;
        if (answer.Status < 400)
        {
            Assert.Equal(answer.Status == 204, text.Length == 0);
            if (text.Length > 0) Assert.Contains(type, SuccessTypes);
            return answer;
        }

        Assert.Equal("application/problem+json", type);
        Assert.All(answer.Json.EnumerateObject(), field => Assert.Contains(field.Name, ErrorFields));
        Assert.Equal(answer.Status, answer.Json.GetProperty("status").GetInt32());
        Assert.Equal(answer.RequestId, answer["requestId"]);
        Assert.NotEqual("", answer["title"]);
        Assert.Matches("^[A-Z][A-Za-z]+$", answer["code"]);
        return answer;
    }

    public bool Has(string path)
    {
        JsonElement? at = Json;
        foreach (var name in path.Split('.')) at = at?.TryGetProperty(name, out var value) == true ? value : null;
        return at is not null;
    }

    /// <summary>One field of each element of a list.</summary>
    public string[] List(string path, string? field = null) =>
        [.. At(path).EnumerateArray().Select(e => (field is null ? e : e.GetProperty(field)).GetString()!)];

    public AdminAnswer AssertOk(int status = 200)
    {
        Assert.True(Status == status, $"{Status} {Text}");
        return this;
    }

    public AdminAnswer AssertRefused(int status, string code, string? parameter = null)
    {
        Assert.True((status, code, parameter) == (Status, Code, Parameter), $"{code} {parameter} expected: {Text}");
        return this;
    }

    private JsonElement At(string path) => path.Split('.').Aggregate(
        Json, (parent, name) => int.TryParse(name, out var place) ? parent[place] : parent.GetProperty(name));
}
