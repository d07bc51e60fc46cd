using System.Buffers;

namespace KmsActors.Protocols.Huawei;

/// <summary>What tags may be: seed 003, table 4-105.</summary>
internal static class TagText
{
    public const int LongestKey = 36;
    public const int LongestValue = 43;

    /// <summary>The most tags of one list; a key may have more, if the operator lets it.</summary>
    public const int MostInList = 10;

    /// <summary>The most values of one tag that a query may ask for.</summary>
    public const int MostValues = 10;

    private static readonly SearchValues<char> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (char)code), .. @"*<>\="]);

    private static readonly TextRule KeyLength = new(1, LongestKey);
    private static readonly TextRule ValueLength = new(0, LongestValue);

    /// <summary>Lists of tags. Without a tag in it a list is refused by those who need one.</summary>
    public static ListRule List { get; } =
        new(MostInList, HuaweiErrors.TagListInvalid, HuaweiErrors.TagListSizeInvalid);

    /// <summary>A tag, its value required.</summary>
    public static KeyValuePair<string, string> Tag(this FieldBinder bind) => new(bind.TagKey(), bind.TagValue());

    /// <summary>The field key.</summary>
    public static string TagKey(this FieldBinder bind) => bind.TagKeyOf(
        bind.Text("key", new TextRule(0, int.MaxValue), HuaweiErrors.TagKeyInvalid));

    /// <summary>A tag's key that came from elsewhere, as from the path.</summary>
    public static string TagKeyOf(this FieldBinder bind, string key)
    {
        bind.Require(KeyLength.Allows(key), "key", HuaweiErrors.TagKeyLengthInvalid);
        bind.Require(!key.AsSpan().ContainsAny(Forbidden), "key", HuaweiErrors.TagKeyInvalid);
        return key;
    }

    /// <summary>The field value.</summary>
    public static string TagValue(this FieldBinder bind)
    {
        var value = bind.OptionalTagValue();
        bind.Require(value is not null, "value", HuaweiErrors.ParameterMissing);
        return value ?? "";
    }

    /// <summary>The field value, or null when not given.</summary>
    public static string? OptionalTagValue(this FieldBinder bind)
    {
        var value = bind.OptionalText("value", new TextRule(0, int.MaxValue), HuaweiErrors.TagValueInvalid);
        return value is null ? null : bind.TagValueOf(value);
    }

    /// <summary>A tag's value that came from elsewhere, as from a list.</summary>
    public static string TagValueOf(this FieldBinder bind, string value)
    {
        bind.Require(ValueLength.Allows(value), "value", HuaweiErrors.TagValueLengthInvalid);
        bind.Require(!value.AsSpan().ContainsAny(Forbidden), "value", HuaweiErrors.TagValueInvalid);
        return value;
    }
}
