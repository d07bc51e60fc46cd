using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Aliyun.Tests;

public class JsonArrayTextTests
{
    [Property]
    public void TryRead_StringsOfAnyText_ReadsThemInOrder(NonNull<string>[] texts)
    {
        string[] written = [.. texts.Select(text => WellFormed(text.Get))];
        List<string?> read = [];
        bool good = JsonArrayText.TryRead(JsonSerializer.Serialize(written), 1, 0, written.Length, element =>
        {
            read.Add(element.GetString());
            return true;
        });
        Assert.True(good);
        Assert.Equal(written, read);
    }

    [Property]
    public Property TryRead_ByNumber_IsHeldToItsBounds() => Prop.ForAll(
        Gen.Choose(0, 12).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(),
        (count, least, most) =>
        {
            string json = JsonSerializer.Serialize(Enumerable.Range(0, count));
            return JsonArrayText.TryRead(json, 1, least, most, _ => true) == (count >= least && count <= most);
        });

    [Property]
    public Property TryRead_OneElementRefused_IsNone() => Prop.ForAll(
        Gen.Choose(0, 9).ToArbitrary(),
        bad => !JsonArrayText.TryRead("[0,1,2,3,4,5,6,7,8,9]", 1, 0, 10, element => element.GetInt32() != bad));

    [Theory]
    [InlineData("[[]]", 2, true)]
    [InlineData("[[]]", 1, false)]
    [InlineData("""[{"a":[]}]""", 3, true)]
    [InlineData("""[{"a":[]}]""", 2, false)]
    [InlineData("""[{"a":1}]""", 2, true)]
    public void TryRead_Nested_IsHeldToItsDepth(string json, int depth, bool isGood) =>
        Assert.Equal(isGood, JsonArrayText.TryRead(json, depth, 0, 10, _ => true));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("\"[]\"")]
    [InlineData("[")]
    [InlineData("[]]")]
    [InlineData("[][]")]
    [InlineData("[1,]")]
    [InlineData("[,]")]
    [InlineData("[01]")]
    [InlineData("[NaN]")]
    [InlineData("['a']")]
    [InlineData("[\"\n\"]")]
    [InlineData("[\"\\x\"]")]
    [InlineData("//\n[]")]
    [InlineData("[]/**/")]
    [InlineData("\uFEFF[]")]
    public void TryRead_NoArray_IsNone(string json) => Assert.False(JsonArrayText.TryRead(json, 8, 0, 10, _ => true));

    [Fact]
    public void TryRead_AnEscapeThatIsHalfASurrogatePair_IsNone() =>
        // It is only read when it is asked for, and then by throwing.
        Assert.False(JsonArrayText.TryRead("""["\ud800"]""", 1, 0, 10, element => element.GetString() is not null));

    [Fact]
    public void TryRead_HalfASurrogatePairAsItStands_IsNone() =>
        Assert.False(JsonArrayText.TryRead("[\"\ud800\"]", 1, 0, 10, element => element.GetString() is not null));

    [Property(MaxTest = 500)]
    public void TryRead_AnyText_DoesNotThrow(NonNull<string> text) =>
        JsonArrayText.TryRead(WellFormed(text.Get), 3, 0, 10, Visit);

    [Property(MaxTest = 500)]
    public Property TryRead_TextThatLooksLikeJson_DoesNotThrow() => Prop.ForAll(
        Gen.Elements("[", "]", "{", "}", "\"", ":", ",", "a", "1", "\\", "u", "d800", "null", "true", " ", "\"a\"", "-", "e")
            .ArrayOf().Resize(12).ToArbitrary(),
        pieces => { JsonArrayText.TryRead(string.Concat(pieces), 3, 0, 10, Visit); });

    [Theory]
    [InlineData("""[{"a":"x"}]""", 1, true)]
    [InlineData("""[{"a":"x"}]""", 2, false)]
    [InlineData("""[{"a":"x","b":1}]""", 2, true)]
    [InlineData("""[{"a":"x","a":1}]""", 2, true)]
    [InlineData("[{}]", 0, true)]
    [InlineData("[[]]", 0, false)]
    [InlineData("[1]", 0, false)]
    [InlineData("[null]", 0, false)]
    public void IsObject_OfSoManyProperties_Counts(string json, int properties, bool isObject) => Assert.Equal(
        isObject, JsonArrayText.TryRead(json, 2, 1, 1, element => JsonArrayText.IsObject(element, properties)));

    [Theory]
    [InlineData("""{"a":"x"}""", "x")]
    [InlineData("""{"a":""}""", "")]
    [InlineData("""{"\u0061":"\u0078"}""", "x")]
    [InlineData("""{"A":"x"}""", null)]
    [InlineData("""{"a":1}""", null)]
    [InlineData("""{"a":null}""", null)]
    [InlineData("""{"a":["x"]}""", null)]
    [InlineData("{}", null)]
    public void String_ByName_IsItOrNothing(string json, string? expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(expected, JsonArrayText.String(document.RootElement, "a"));
    }

    // All that readers of elements do.
    private static bool Visit(JsonElement element) =>
        element.ValueKind == JsonValueKind.String
            ? element.GetString() is not null
            : JsonArrayText.IsObject(element, 1) && JsonArrayText.String(element, "a") is not null;

    // Parameters have been read from strict UTF-8.
    private static string WellFormed(string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
