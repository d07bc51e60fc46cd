using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace KmsActors.Simulator;

/// <summary>A fleet description that cannot be used; the message has a line for each error.</summary>
internal sealed class FleetException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>All that is wrong, each with its member: <c>deletion.windows[0].days: 7 to 1096</c>.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>The bounds of a description. Those of one member stand on it, as attributes.</summary>
internal static class FleetRules
{
    /// <summary>The description itself, if it is within all bounds.</summary>
    /// <exception cref="FleetException">It is not.</exception>
    public static FleetDescription Check(FleetDescription fleet)
    {
        var errors = Errors(fleet);
        return errors.Count == 0 ? fleet : throw new FleetException(errors);
    }

    /// <summary>All that is out of bounds.</summary>
    public static List<string> Errors(FleetDescription fleet)
    {
        var errors = new List<string>();
        AddErrors(fleet, FleetJson.Default.FleetDescription, "", errors);
        var imported = fleet.Imported;
        AddUnless(imported.LifeDays.Least <= imported.LifeDays.Most, "imported.lifeDays: least not above most");
        AddUnless(
            imported.RenewedBeforeShare + imported.RenewedAfterShare <= 1,
            "imported: renewedBeforeShare and renewedAfterShare together at most 1");
        var deletion = fleet.Deletion;
        AddUnless(deletion.AfterDays.Least <= deletion.AfterDays.Most, "deletion.afterDays: least not above most");
        AddUnless(
            deletion.Windows.Count == 0 || deletion.Windows.Any(window => window.Weight > 0),
            "deletion.windows: a weight above 0");
        return errors;

        void AddUnless(bool isFulfilled, string error)
        {
            if (!isFulfilled) errors.Add(error);
        }
    }

    /// <summary>A member's bounds in words.</summary>
    public static string Bounds(JsonPropertyInfo member) => Attributes(member).FirstOrDefault() switch
    {
        RangeAttribute range => $"{Text(range.Minimum)} to {Text(range.Maximum)}",
        LengthAttribute length => $"{length.MinimumLength} to {length.MaximumLength} of them",
        StringLengthAttribute length => $"at most {length.MaximumLength} characters",
        _ => $"0 to {ulong.MaxValue}",
    };

    /// <summary>A member's name from the top.</summary>
    public static string PathOf(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    private static void AddErrors(object part, JsonTypeInfo type, string path, List<string> errors)
    {
        foreach (var member in type.Properties)
        {
            var at = PathOf(path, member.Name);
            var value = member.Get!(part)!;
            if (Attributes(member).Any(bound => !bound.IsValid(value))) errors.Add($"{at}: {Bounds(member)}");
            var memberType = type.Options.GetTypeInfo(member.PropertyType);
            if (memberType.Kind == JsonTypeInfoKind.Object) AddErrors(value, memberType, at, errors);
            if (memberType.Kind != JsonTypeInfoKind.Enumerable) continue;
            var elementType = type.Options.GetTypeInfo(memberType.ElementType!);
            var index = 0;
            foreach (var element in (IEnumerable)value) AddErrors(element, elementType, $"{at}[{index++}]", errors);
        }
    }

    private static IEnumerable<ValidationAttribute> Attributes(JsonPropertyInfo member) =>
        member.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: false)
            .Cast<ValidationAttribute>();

    private static string Text(object bound) => bound is DateOnly date
        ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
