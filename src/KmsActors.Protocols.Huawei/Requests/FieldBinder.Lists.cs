using System.Text.Json;

namespace KmsActors.Protocols.Huawei;

/// <content>Objects and lists.</content>
internal sealed partial class FieldBinder
{
    /// <summary>A required object, read by a binder of its own.</summary>
    public T? Object<T>(string name, HuaweiError malformed, Func<FieldBinder, T> read)
    {
        if (!TryField(name, out var field)) Fail(name, HuaweiErrors.ParameterMissing);
        else if (field.ValueKind != JsonValueKind.Object) Fail(name, malformed);
        else return read(new FieldBinder(this, field));
        return default;
    }

    /// <summary>A required list of objects, each read by a binder of its own; it may be empty.</summary>
    public List<T> Objects<T>(string name, ListRule rule, Func<FieldBinder, T> read)
    {
        Require(IsGiven(name), name, HuaweiErrors.ParameterMissing);
        return OptionalObjects(name, rule, read) ?? [];
    }

    /// <summary>As <see cref="Objects"/>, or null when not given.</summary>
    public List<T>? OptionalObjects<T>(string name, ListRule rule, Func<FieldBinder, T> read) =>
        OptionalList(name, rule, JsonValueKind.Object, element => read(new FieldBinder(this, element)));

    /// <summary>A required list of texts; it may be empty.</summary>
    public List<string> Texts(string name, ListRule rule, TextRule text, HuaweiError error)
    {
        Require(IsGiven(name), name, HuaweiErrors.ParameterMissing);
        return OptionalTexts(name, rule, text, error) ?? [];
    }

    /// <summary>As <see cref="Texts"/>, or null when not given.</summary>
    public List<string>? OptionalTexts(string name, ListRule rule, TextRule text, HuaweiError error) =>
        OptionalList(name, rule, JsonValueKind.String, element =>
        {
            var value = element.GetString()!;
            return text.Allows(value) ? value : Fail(name, error);
        });

    // Nothing is read of a list that is too long, and nothing more of one with a bad element.
    private List<T>? OptionalList<T>(string name, ListRule rule, JsonValueKind kind, Func<JsonElement, T> read)
    {
        if (!TryField(name, out var field)) return null;
        var elements = new List<T>();
        if (field.ValueKind != JsonValueKind.Array)
        {
            Fail(name, rule.Malformed);
            return elements;
        }

        Require(field.GetArrayLength() <= rule.Most, name, rule.TooMany);
        foreach (var element in field.EnumerateArray())
        {
            Require(element.ValueKind == kind, name, rule.Malformed);
            if (Error is not null) break;
            elements.Add(read(element));
        }

        return elements;
    }
}
