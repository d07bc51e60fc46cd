using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KmsActors.Protocols.Huawei;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>
/// An answer of Huawei's protocol. Whatever was asked, it has to be well-formed, to name its request, to hold
/// no private key, and to be an error of the table or none; that is held against every answer in these tests.
/// </summary>
internal sealed partial class HuaweiAnswer
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly HuaweiError[] Errors =
    [
        .. typeof(HuaweiErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (HuaweiError)field.GetValue(null)!),
    ];

    private readonly JsonElement _json;

    private HuaweiAnswer(int status, string requestId, string text)
    {
        Status = status;
        RequestId = requestId;
        Text = text;
        if (status == 204) return;
        using var document = JsonDocument.Parse(text, Strict);
        _json = document.RootElement.Clone();
    }

    public int Status { get; }

    public string? RetryAfter { get; private init; }

    public string RequestId { get; }

    public string Text { get; }

    /// <summary>The error's code; empty for a success.</summary>
    public string Code => Status < 300 ? "" : this[Has("error") ? "error.error_code" : "error_code"];

    public string Message => this[Has("error") ? "error.error_msg" : "error_msg"];

    /// <summary>The text of a field, by names and places joined with dots. It has to be a text.</summary>
    public string this[string path]
    {
        get
        {
            Assert.True(At(path).ValueKind == JsonValueKind.String, $"{path} of {Text}");
            return At(path).GetString()!;
        }
    }

    public static async Task<HuaweiAnswer> OfAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return Of((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }

    public static HuaweiAnswer Of(RawAnswer answer) => Of(answer.Status, answer.Headers, answer.Body);

    /// <summary>A field that has to be a number.</summary>
    public long Number(string path)
    {
        Assert.True(At(path).ValueKind == JsonValueKind.Number, $"{path} of {Text}");
        return At(path).GetInt64();
    }

    /// <summary>A field that has to be true or false.</summary>
    public bool Truth(string path) => At(path).GetBoolean();

    public bool Has(string path)
    {
        JsonElement? at = _json;
        foreach (var name in path.Split('.')) at = at?.TryGetProperty(name, out var value) == true ? value : null;
        return at is not null;
    }

    /// <summary>The elements of a list; where they are objects, one field of each.</summary>
    public string[] List(string path, string? field = null) =>
        [.. At(path).EnumerateArray().Select(e => (field is null ? e : e.GetProperty(field)).GetString()!)];

    /// <summary>The names of all fields with their types: # a number, ? a truth value, […] a list.</summary>
    public string Shape() => Shape(_json);

    public HuaweiAnswer AssertOk(int status = 200)
    {
        Assert.True(Status == status, Text);
        return this;
    }

    /// <summary>Refused, about <paramref name="field"/> if one is given.</summary>
    public void AssertRefused(string code, string? field = null)
    {
        Assert.True(code == Code, $"{code} expected: {Status} {Text}");
        if (field is not null) Assert.Contains(field, Message, StringComparison.Ordinal);
    }

    private static HuaweiAnswer Of(int status, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var answer = new HuaweiAnswer(status, headers["x-request-id"], new UTF8Encoding(false, true).GetString(body))
        {
            RetryAfter = headers.GetValueOrDefault("retry-after"),
        };
        Assert.Matches(LowerCaseUuid(), answer.RequestId);
        if (status == 204)
        {
            Assert.Empty(body);
            Assert.DoesNotContain("content-type", headers.Keys);
            return answer;
        }

        Assert.Equal("application/json", headers["content-type"]);
        Assert.DoesNotContain(Texts(answer._json), PrivateKeys.AreIn);
        if (status == 200) Assert.DoesNotContain("error", answer._json.EnumerateObject().Select(p => p.Name));
        else answer.CheckError();
        return answer;
    }

    // A message may go on behind that of the table, with the name of the field that it is about.
    private void CheckError()
    {
        Assert.InRange(Status, 400, 499);
        var error = Assert.Single(
            Errors, e => e.Code == Code && Message.StartsWith(e.Message, StringComparison.Ordinal));
        Assert.Equal(error.HttpStatus, Status);
        Assert.Matches(Addition(), Message[error.Message.Length..]);
        Assert.Equal(
            error.Shape == ErrorShape.Kms ? "error{error_code,error_msg}" : "error_msg,error_code,request_id", Shape());
        if (error.Shape == ErrorShape.Gateway) Assert.Equal(RequestId, this["request_id"]);
    }

    [GeneratedRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", RegexOptions.ExplicitCapture)]
    private static partial Regex LowerCaseUuid();

    [GeneratedRegex(@"^( \([a-z_ ]+\))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Addition();
}
