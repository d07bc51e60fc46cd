using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Protocols.Aliyun.Tests;

public class KeyFilterTextTests
{
    private static readonly Dictionary<string, string[]> s_words = new()
    {
        ["KeyState"] = [.. KeySpecText.States.Select(each => each.Word)],
        ["KeySpec"] = [.. KeySpecText.Specs.Select(each => each.Word)],
        ["KeyUsage"] = [.. KeySpecText.Usages.Select(each => each.Word)],
        ["ProtectionLevel"] = [.. KeySpecText.ProtectionLevels.Select(each => each.Word)],
        ["CreatorType"] = ["User", "Service"],
    };

    private static readonly Gen<Entry> s_entries =
        from key in Gen.Elements(s_words.Keys.ToArray())
        from values in Gen.Elements(s_words[key]).ArrayOf().Resize(4)
        select new Entry(key, values);

    private static readonly Gen<Entry[]> s_filters = s_entries.ArrayOf().Resize(10);

    [Property(MaxTest = 300)]
    public Property Parse_AnyFilter_IsItsValuesByKey() => Prop.ForAll(s_filters.ToArbitrary(), entries =>
    {
        KeyFilter filter = Assert.IsType<KeyFilter>(KeyFilterText.Parse(Json(entries)));
        string[] creators = Values(entries, "CreatorType");
        if (creators is ["Service"]) Assert.Empty(Assert.IsType<IReadOnlyCollection<KeyState>>(filter.States, false));
        else AssertSame(KeySpecText.States, Values(entries, "KeyState"), filter.States);
        AssertSame(KeySpecText.Specs, Values(entries, "KeySpec"), filter.Specs);
        AssertSame(KeySpecText.Usages, Values(entries, "KeyUsage"), filter.Usages);
        AssertSame(KeySpecText.ProtectionLevels, Values(entries, "ProtectionLevel"), filter.ProtectionLevels);
    });

    [Property]
    public Property Parse_EntriesInAnotherOrder_IsTheSame() => Prop.ForAll(s_filters.ToArbitrary(), entries =>
    {
        KeyFilter one = KeyFilterText.Parse(Json(entries))!;
        KeyFilter other = KeyFilterText.Parse(Json(
            [.. entries.Reverse().Select(entry => entry with { Values = [.. entry.Values.Reverse()] })]))!;
        Assert.Equal(Text(one), Text(other));
    });

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(11, 1, false)]
    [InlineData(1, 11, false)]
    [InlineData(11, 0, false)]
    [InlineData(0, 0, true)]
    public void Parse_ManyEntriesOrValues_AreBounded(int entries, int values, bool isGood)
    {
        Entry entry = new("KeyState", [.. Enumerable.Repeat("Enabled", values)]);
        Assert.Equal(isGood, KeyFilterText.Parse(Json([.. Enumerable.Repeat(entry, entries)])) is not null);
    }

    [Fact]
    public void Parse_NothingSaid_IsNoFilter()
    {
        Assert.Equal(KeyFilter.None, KeyFilterText.Parse("[]"));
        Assert.Equal(KeyFilter.None, KeyFilterText.Parse("""[{"Key":"KeySpec","Values":[]}]"""));
        Assert.Equal(KeyFilter.None, KeyFilterText.Parse("""[{"Key":"CreatorType","Values":["User"]}]"""));
    }

    /// <summary>A word of one key is none of another's, in whatever case.</summary>
    [Property(MaxTest = 300)]
    public Property Parse_AWordOfAnotherKey_IsNone() => Prop.ForAll(
        Gen.Elements(s_words.Keys.ToArray()).ToArbitrary(),
        Gen.Elements(s_words.Values.SelectMany(words => words).SelectMany(word => (string[])[word, word.ToLowerInvariant()])
            .ToArray()).ToArbitrary(),
        (key, word) => KeyFilterText.Parse(Json([new Entry(key, [word])])) is not null == s_words[key].Contains(word));

    [Property(MaxTest = 500)]
    public Property Parse_AFilterWithOneCharacterChanged_IsNoneOrAnotherButNoFault() => Prop.ForAll(
        s_filters.ToArbitrary(),
        Gen.Choose(0, 10_000).ToArbitrary(),
        Gen.Elements("[]{}\",:\\ aK0\0\n密".ToCharArray()).ToArbitrary(),
        (entries, place, character) =>
        {
            string json = Json(entries);
            int at = place % json.Length;
            KeyFilterText.Parse($"{json[..at]}{character}{json[(at + 1)..]}");
            KeyFilterText.Parse(json[..at] + json[(at + 1)..]);
            KeyFilterText.Parse(json[..at] + character + json[at..]);
            if (at > 0) Assert.Null(KeyFilterText.Parse(json[..at]));
        });

    private static string Json(Entry[] entries) => JsonSerializer.Serialize(entries);

    private static string[] Values(Entry[] entries, string key) =>
        [.. entries.Where(entry => entry.Key == key).SelectMany(entry => entry.Values).Distinct()];

    private static void AssertSame<T>((string Word, T Meaning)[] words, string[] chosen, IReadOnlyCollection<T>? actual)
    {
        if (chosen.Length == 0)
        {
            Assert.Null(actual);
            return;
        }

        Assert.NotNull(actual);
        Assert.Equal(
            words.Where(each => chosen.Contains(each.Word)).Select(each => each.Meaning).Order(), actual.Order());
    }

    private static string Text(KeyFilter filter) => string.Join(
        ';', Text(filter.States), Text(filter.Specs), Text(filter.Usages), Text(filter.ProtectionLevels));

    private static string Text<T>(IReadOnlyCollection<T>? values) =>
        values is null ? "any" : string.Join(',', values.Order());

    /// <summary>An entry of the JSON, by its names there.</summary>
    private sealed record Entry(string Key, string[] Values);
}
