using System.Reflection;
using System.Text;
using System.Text.Json;
using KmsActors.Protocols.Tencent;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>
/// An answer of Tencent's protocol. Whatever was asked, it has to be well-formed, of status 200, to name its
/// request, to hold no private key, and to be an error of the table or none; that is held against every answer.
/// </summary>
internal sealed class TencentAnswer
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] Envelope = ["code", "message", "codeDesc", "requestId"];

    // By code and module; that of a failed use is made of another's words.
    private static readonly HashSet<string> Codes =
    [
        .. typeof(TencentErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (TencentError)field.GetValue(null)!).Select(error => $"{error.Code}/{error.Module}"),
        "4000/10010", "4000/10390", "4560/10660",
    ];

    private readonly JsonElement _json;

    private TencentAnswer(string text)
    {
        Text = text;
        using var document = JsonDocument.Parse(text, Strict);
        _json = document.RootElement.Clone();
    }

    public string Text { get; }

    /// <summary>The code and, of an error, the module's behind a stroke: "0" or "4000/10350".</summary>
    public string Code { get; private init; } = "";

    public string Description => this["codeDesc"];

    /// <summary>The message without the code it begins with.</summary>
    public string Words => this["message"][(this["message"].IndexOf(')') + 1)..];

    public string WithoutRequestId => Text.Replace(this["requestId"], "", StringComparison.Ordinal);

    /// <summary>A field, by names joined with dots. It has to be a text.</summary>
    public string this[string path]
    {
        get
        {
            Assert.True(At(path).ValueKind == JsonValueKind.String, $"{path} of {Text}");
            return At(path).GetString()!;
        }
    }

    public static TencentAnswer Of(int status, string contentType, byte[] body)
    {
        Assert.Equal((200, "application/json; charset=utf-8"), (status, contentType));
        var answer = new TencentAnswer(new UTF8Encoding(false, true).GetString(body));
        answer = new TencentAnswer(answer.Text) { Code = answer.ReadCode() };
        Assert.True(Guid.TryParseExact(answer["requestId"], "D", out _) && answer["requestId"].All(c => !char.IsUpper(c)));
        Assert.DoesNotContain(answer.Texts(answer._json), PrivateKeys.AreIn);
        Assert.Equal(Envelope, answer.Names().Take(4));
        if (answer.Code == "0")
        {
            Assert.Equal(("", "Success"), (answer["message"], answer.Description));
            return answer;
        }

        Assert.Equal(4, answer.Names().Count());
        Assert.NotEqual("", answer.Words);
        Assert.Contains(answer.Code, Codes);
        return answer;
    }

    /// <summary>A field that has to be a number.</summary>
    public long Number(string path)
    {
        Assert.True(At(path).ValueKind == JsonValueKind.Number, $"{path} of {Text}");
        return At(path).GetInt64();
    }

    public byte[] Bytes(string path) => Convert.FromBase64String(this[path]);

    public string[] KeyIds() => [.. At("keys").EnumerateArray().Select(key => key.GetProperty("keyId").GetString()!)];

    /// <summary>The names of the action's fields with their types: # a number, […] a list, {…} an object.</summary>
    public string Shape() => Shape(_json.EnumerateObject().Skip(4));

    public TencentAnswer AssertOk()
    {
        Assert.True(Code == "0", Text);
        return this;
    }

    public TencentAnswer AssertRefused(string code, string? description = null)
    {
        Assert.True(code == Code, $"{code} expected: {Text}");
        if (description is not null) Assert.Equal(description, Description);
        return this;
    }

    private static string Shape(IEnumerable<JsonProperty> fields) => string.Join(',', fields.Select(field =>
        field.Name + field.Value.ValueKind switch
        {
            JsonValueKind.Object => "{" + Shape(field.Value.EnumerateObject()) + "}",
            JsonValueKind.Array => "[" + string.Join(
                '|', field.Value.EnumerateArray().Select(row => Shape(row.EnumerateObject())).Distinct()) + "]",
            JsonValueKind.Number => "#",
            JsonValueKind.String => "",
            _ => throw new InvalidOperationException($"{field.Value.ValueKind} has no place in an answer"),
        }));

    private string ReadCode()
    {
        var code = Number("code");
        return code == 0 ? "0" : $"{code}/{this["message"][1..this["message"].IndexOf(')')]}";
    }

    private IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };

    private IEnumerable<string> Names() => _json.EnumerateObject().Select(p => p.Name);

    private JsonElement At(string path) =>
        path.Split('.').Aggregate(_json, (parent, name) => parent.GetProperty(name));
}
