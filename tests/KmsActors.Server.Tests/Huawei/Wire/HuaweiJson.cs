using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Bodies of requests, and values in them that are too long to be written out.</summary>
internal static class HuaweiJson
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(object fields) => JsonSerializer.Serialize(fields, Plain);

    /// <summary>The body with one field of another value.</summary>
    /// <param name="body">An object.</param>
    /// <param name="field">Its name, within names joined with dots.</param>
    /// <param name="value">
    /// A text; <c>x*3</c> is xxx; <c>=5</c> is JSON as it stands; <c>-</c> removes the field.
    /// </param>
    public static string With(string body, string field, string value)
    {
        var root = JsonNode.Parse(body)!;
        var names = field.Split('.');
        var parent = names[..^1].Aggregate(root, (at, name) => int.TryParse(name, out var i) ? at[i]! : at[name]!);
        var fields = parent.AsObject();
        if (value == "-") fields.Remove(names[^1]);
        else fields[names[^1]] = value is ['=', .. var json] ? JsonNode.Parse(json) : Expand(value);
        return root.ToJsonString(Plain);
    }

    /// <summary>What <c>x*3</c> stands for; any other text stands for itself.</summary>
    public static string Expand(string text)
    {
        var star = text.LastIndexOf('*');
        return star > 0 && int.TryParse(text.AsSpan(star + 1), out var times)
            ? string.Concat(Enumerable.Repeat(text[..star], times))
            : text;
    }
}
