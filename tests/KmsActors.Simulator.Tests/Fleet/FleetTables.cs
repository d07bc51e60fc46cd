using System.Text.Json.Serialization.Metadata;

namespace KmsActors.Simulator.Tests;

/// <summary>The members of a fleet description, for tests that go through them all.</summary>
internal static class FleetTables
{
    /// <summary>Every member that is no object, by its path, and its bounds in words.</summary>
    public static IEnumerable<(string Path, JsonPropertyInfo Member)> Members() =>
        MembersOf(FleetJson.Default.FleetDescription, "");

    /// <summary>The paths of all members that are numbers or dates.</summary>
    public static IEnumerable<string> Numbers() => Members()
        .Where(each => each.Member.PropertyType.IsValueType)
        .Select(each => each.Path);

    /// <summary>A description that has one member only: <c>deletion.windows[0].days</c>.</summary>
    public static string With(string path, string value) => path.Split('.').Reverse().Aggregate(value, (inner, name) =>
        name.EndsWith("[0]", StringComparison.Ordinal) ? $$"""{ "{{name[..^3]}}": [{{inner}}] }""" : $$"""{ "{{name}}": {{inner}} }""");

    private static IEnumerable<(string Path, JsonPropertyInfo Member)> MembersOf(JsonTypeInfo type, string path)
    {
        foreach (var member in type.Properties)
        {
            var at = FleetRules.PathOf(path, member.Name);
            var memberType = type.Options.GetTypeInfo(member.PropertyType);
            if (memberType.Kind != JsonTypeInfoKind.Object) yield return (at, member);
            var inner = memberType.Kind == JsonTypeInfoKind.Enumerable ? type.Options.GetTypeInfo(memberType.ElementType!) : memberType;
            foreach (var each in MembersOf(inner, at)) yield return each;
        }
    }
}
