using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KmsActors.Server.Tests;

/// <summary>
/// An answer of either format. Whatever was asked, it has to be well-formed, to name its request, to hold
/// no private key, and never to be the server's own fault; that is held against every answer in these tests.
/// </summary>
internal sealed partial class Answer
{
    private static readonly string[] ErrorFields = ["HttpStatus", "Code", "Message", "RequestId", "HostId"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement _json;
    private readonly XElement? _xml;

    private Answer(int status, string contentType, string text)
    {
        Status = status;
        Text = text;
        if (contentType == "application/json; charset=utf-8")
        {
            using var document = JsonDocument.Parse(text, Strict);
            _json = document.RootElement.Clone();
        }
        else
        {
            Assert.Equal("text/xml;charset=utf-8", contentType);
            _xml = XDocument.Parse(text).Root!;
            Assert.Equal("KMS", _xml.Name);
        }
    }

    public int Status { get; }

    public string? RetryAfter { get; set; }

    public string Text { get; }

    public bool IsXml => _xml is not null;

    public string WithoutRequestId => Text.Replace(this["RequestId"], "", StringComparison.Ordinal);

    public string Code => Status == 200 ? "" : this["Code"];

    /// <summary>The text of a field, by names joined with dots.</summary>
    public string this[string path]
    {
        get
        {
            if (_xml is not null)
                return path.Split('.').Aggregate(_xml, (parent, name) => parent.Elements(name).Single()).Value;
            var value = At(path);
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
    }

    public static Answer Of(int status, string contentType, byte[] body)
    {
        var answer = new Answer(status, contentType, new UTF8Encoding(false, true).GetString(body));
        Assert.Matches(LowerCaseUuid(), answer["RequestId"]);
        Assert.DoesNotContain(answer.Texts(), PrivateKeys.AreIn);
        if (status == 200)
        {
            Assert.DoesNotContain("Code", answer.FieldNames());
            return answer;
        }

        Assert.InRange(status, 400, 499);
        Assert.Equal(ErrorFields, answer.FieldNames());
        Assert.Equal(status, answer.Number("HttpStatus"));
        return answer;
    }

    public long Number(string path)
    {
        if (_xml is null) Assert.Equal(JsonValueKind.Number, At(path).ValueKind);
        return long.Parse(this[path], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    public bool Truth(string path)
    {
        if (_xml is null) Assert.True(At(path).ValueKind is JsonValueKind.True or JsonValueKind.False, Text);
        var word = this[path];
        Assert.True(word is "true" or "false", Text);
        return word == "true";
    }

    /// <summary>Whether there is such a field.</summary>
    public bool Has(string path)
    {
        var names = path.Split('.');
        if (_xml is not null)
            return names.Aggregate((XElement?)_xml, (parent, name) => parent?.Element(name)) is not null;
        JsonElement? at = _json;
        foreach (var name in names) at = at?.TryGetProperty(name, out var value) == true ? value : null;
        return at is not null;
    }

    /// <summary>One field of every row of a list.</summary>
    public IEnumerable<string> Column(string list, string field)
    {
        if (_xml is null) return At(list).EnumerateArray().Select(row => row.GetProperty(field).GetString()!);
        var names = list.Split('.');
        return _xml.Elements(names[0]).Single().Elements(names[1]).Select(row => row.Elements(field).Single().Value);
    }

    /// <summary>The names of all fields; of JSON with their types: # a number, ? a truth value, […] a list.</summary>
    public string Shape() => _xml is null ? Shape(_json) : Shape(_xml);

    public Answer AssertOk()
    {
        Assert.True(Status == 200, Text);
        return this;
    }

    /// <summary>Holds code, status and message to the document's table.</summary>
    public void AssertRefused(string code, string? parameter = null)
    {
        var (status, message) = Refusals.Of(code, parameter);
        Assert.True(code == Code, $"{code} expected: {Text}");
        Assert.Equal(status, Status);
        Assert.Equal(message, this["Message"]);
    }

    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => string.Join(',', value.EnumerateObject().Select(p => p.Name + (p.Value.ValueKind switch
        {
            JsonValueKind.Object => "{" + Shape(p.Value) + "}",
            _ => Shape(p.Value),
        }))),
        JsonValueKind.Array => "[" + Assert.Single(value.EnumerateArray().Select(Shape).DefaultIfEmpty("").Distinct()) + "]",
        JsonValueKind.Number => "#",
        JsonValueKind.True or JsonValueKind.False => "?",
        JsonValueKind.String => "",
        _ => throw new InvalidOperationException($"{value.ValueKind} has no place in an answer"),
    };

    private static string Shape(XElement element) => string.Join(
        ',',
        element.Elements().Select(child => child.Name + (child.HasElements ? "{" + Shape(child) + "}" : "")).Distinct());

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };

    private IEnumerable<string> Texts() =>
        _xml?.Descendants().Where(element => !element.HasElements).Select(element => element.Value) ?? Texts(_json);

    private IEnumerable<string> FieldNames() =>
        _xml?.Elements().Select(e => e.Name.ToString()) ?? _json.EnumerateObject().Select(p => p.Name);

    private JsonElement At(string path) =>
        path.Split('.').Aggregate(_json, (parent, name) => parent.GetProperty(name));

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", RegexOptions.ExplicitCapture)]
    private static partial Regex LowerCaseUuid();
}
