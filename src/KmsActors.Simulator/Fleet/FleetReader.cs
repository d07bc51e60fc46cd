using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KmsActors.Simulator;

/// <summary>
/// Reads a fleet description: JSON with comments and trailing commas. What it leaves out has its default; a member
/// that does not exist, or stands there twice, is an error.
/// </summary>
internal static class FleetReader
{
    /// <summary>The longest file, in bytes.</summary>
    public const long MostBytes = 1 << 20;

    private static readonly JsonDocumentOptions s_syntax = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>The description in a file.</summary>
    /// <exception cref="FleetException">It is no description.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FleetDescription ReadFile(string path)
    {
        if (new FileInfo(path).Length > MostBytes) throw new FleetException([$"{path}: at most {MostBytes} bytes"]);
        return Read(File.ReadAllText(path));
    }

    /// <summary>The description in a text.</summary>
    /// <exception cref="FleetException">It is none: all that is wrong with it.</exception>
    public static FleetDescription Read(string json)
    {
        var errors = new List<string>();
        var type = FleetJson.Default.FleetDescription;
        var given = Parse(json);
        var all = Merge(JsonSerializer.SerializeToNode(new FleetDescription(), type), given, type, "", errors);
        var fleet = all.Deserialize(type)!;
        errors.AddRange(FleetRules.Errors(fleet));
        return errors.Count == 0 ? fleet : throw new FleetException(errors);
    }

    private static JsonObject Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: s_syntax) as JsonObject
                ?? throw new FleetException(["It is no JSON object."]);
        }
        catch (JsonException wrong)
        {
            throw new FleetException([$"It is no JSON: {wrong.Message}"]);
        }
    }

    /// <summary>What is given, and the default where nothing is, or nothing that can be used.</summary>
    private static JsonNode? Merge(
        JsonNode? standard, JsonNode? given, JsonTypeInfo type, string path, List<string> errors)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when given is JsonObject members:
                foreach (var (name, value) in members)
                {
                    var at = FleetRules.PathOf(path, name);
                    var member = type.Properties.FirstOrDefault(each => each.Name == name);
                    if (member is null)
                    {
                        errors.Add($"{at}: there is no such member");
                        continue;
                    }

                    var memberType = type.Options.GetTypeInfo(member.PropertyType);
                    if (IsOf(memberType, value))
                        standard![name] = Merge(standard[name]!.DeepClone(), value, memberType, at, errors);
                    else
                        errors.Add($"{at}: {Kind(memberType)}{Bounds(memberType, member)}");
                }

                return standard;
            case JsonTypeInfoKind.Enumerable when given is JsonArray elements:
                var elementType = type.Options.GetTypeInfo(type.ElementType!);
                return new JsonArray([.. elements.Select((element, index) =>
                    MergeElement(element, elementType, $"{path}[{index}]", errors))]);
            default:
                return given!.DeepClone();
        }
    }

    private static JsonNode? MergeElement(JsonNode? given, JsonTypeInfo type, string path, List<string> errors)
    {
        if (given is not JsonObject) errors.Add($"{path}: {Kind(type)}");
        var standard = JsonSerializer.SerializeToNode(Activator.CreateInstance(type.Type), type);
        return given is JsonObject ? Merge(standard, given, type, path, errors) : standard;
    }

    private static bool IsOf(JsonTypeInfo type, JsonNode? value)
    {
        if (type.Kind == JsonTypeInfoKind.Object) return value is JsonObject;
        if (type.Kind == JsonTypeInfoKind.Enumerable) return value is JsonArray;
        try
        {
            return value?.Deserialize(type) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Kind(JsonTypeInfo type) => type switch
    {
        { Kind: JsonTypeInfoKind.Object } => "an object",
        { Kind: JsonTypeInfoKind.Enumerable } => "an array",
        _ when type.Type == typeof(string) => "a text",
        _ when type.Type == typeof(DateOnly) => "a date like 2026-01-01",
        _ when type.Type == typeof(double) => "a number",
        _ => "a whole number",
    };

    private static string Bounds(JsonTypeInfo type, JsonPropertyInfo member) =>
        type.Kind == JsonTypeInfoKind.Object ? "" : $", {FleetRules.Bounds(member)}";
}

/// <summary>How a description is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FleetDescription))]
internal sealed partial class FleetJson : JsonSerializerContext;
