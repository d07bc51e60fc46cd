using System.Text.Json;

namespace KmsActors.Server.Tests.Huawei;

/// <content>Ways through the JSON of an answer.</content>
internal sealed partial class HuaweiAnswer
{
    private JsonElement At(string path) => path.Split('.').Aggregate(
        _json, (parent, name) => int.TryParse(name, out var place) ? parent[place] : parent.GetProperty(name));

    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => string.Join(',', value.EnumerateObject().Select(p => p.Name + (p.Value.ValueKind switch
        {
            JsonValueKind.Object => "{" + Shape(p.Value) + "}",
            _ => Shape(p.Value),
        }))),
        JsonValueKind.Array =>
            "[" + Assert.Single(value.EnumerateArray().Select(Shape).DefaultIfEmpty("").Distinct()) + "]",
        JsonValueKind.Number => "#",
        JsonValueKind.True or JsonValueKind.False => "?",
        JsonValueKind.String => "",
        _ => throw new InvalidOperationException($"{value.ValueKind} has no place in an answer"),
    };

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
