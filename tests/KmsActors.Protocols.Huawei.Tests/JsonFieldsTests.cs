using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Huawei.Tests;

public class JsonFieldsTests
{
    [Theory]
    [InlineData("{}", true)]
    [InlineData(" {\"a\":1,\"b\":[{\"a\":null}],\"A\":\"\\u00e5 \\ud83d\\udd11 \\/\"}\r\n", true)]
    [InlineData("{\"a\":{\"b\":1},\"b\":1}", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("\"a\"", false)]
    [InlineData("{", false)]
    [InlineData("{}{}", false)]
    [InlineData("{} x", false)]
    [InlineData("{}\0", false)]
    [InlineData("\ufeff{}", false)]
    [InlineData("{'a':1}", false)]
    [InlineData("{a:1}", false)]
    [InlineData("{\"a\":1,}", false)]
    [InlineData("{\"a\":01}", false)]
    [InlineData("{\"a\":NaN}", false)]
    [InlineData("{\"a\":\"\n\"}", false)]
    [InlineData("{/**/}", false)]
    [InlineData("{}//", false)]
    [InlineData("{\"a\":1,\"a\":1}", false)]
    [InlineData("{\"a\":1,\"\\u0061\":2}", false)]
    [InlineData("{\"x\":[{\"a\":1,\"a\":2}]}", false)]
    [InlineData("{\"a\":\"\\ud800\"}", false)]
    [InlineData("{\"a\":\"\\udd11\\ud83d\"}", false)]
    [InlineData("{\"a\":[{\"b\":[\"\\ud800x\"]}]}", false)]
    [InlineData("{\"\\ud800\":1}", false)]
    [InlineData("{\"x\":{\"\\ud800\":1}}", false)]
    public void Parse_Text_IsOneStrictObject(string text, bool isGood) => Assert.Equal(isGood, IsGood(Calls.Bytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF })] // an overlong '/'
    [InlineData(new byte[] { 0xE5, 0xAF })] // cut short
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // a surrogate
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public void Parse_OtherBytesThanUtf8_AreRefusedWherever(byte[] bytes)
    {
        Assert.False(IsGood([.. "{\"a\":\""u8, .. bytes, .. "\"}"u8]));
        Assert.False(IsGood([.. "{\""u8, .. bytes, .. "\":1}"u8]));
        Assert.False(IsGood([.. "{}"u8, .. bytes]));
    }

    [Fact]
    public void Parse_Utf16_IsRefused() => Assert.False(IsGood(Encoding.Unicode.GetBytes("{}")));

    [Theory]
    [InlineData(JsonFields.MostDepth - 1, true)]
    [InlineData(JsonFields.MostDepth, false)]
    [InlineData(50_000, false)]
    public void Parse_Depth_IsBounded(int arrays, bool isGood) =>
        Assert.Equal(isGood, IsGood(Calls.Bytes("{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}")));

    [Theory]
    [InlineData(JsonFields.MostProperties, true)]
    [InlineData(JsonFields.MostProperties + 1, false)]
    public void Parse_Properties_AreBoundedInEachObject(int count, bool isGood)
    {
        string properties = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"p{i}\":1"));
        Assert.Equal(isGood, IsGood(Calls.Bytes("{" + properties + "}")));
        Assert.Equal(isGood, IsGood(Calls.Bytes("{\"a\":[{\"b\":{" + properties + "}}]}")));
    }

    [Fact]
    public void Parse_ManyObjects_AreNotCountedTogether()
    {
        string items = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{{\"key\":\"{i}\",\"value\":\"\"}}"));
        Assert.True(IsGood(Calls.Bytes("{\"tags\":[" + items + "]}")));
    }

    [Property]
    public void Parse_Anything_NeverThrows(byte[] bytes, NonNull<string> text)
    {
        IsGood(bytes);
        IsGood(Calls.Bytes("{\"" + text.Get + "\"}"));
        IsGood(Calls.Bytes("{\"a\":\"\\u" + text.Get + "\"}"));
    }

    [Property]
    public void AppendText_AnyText_IsItsUtf8(NonNull<string> text)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["a"] = text.Get });
        using JsonDocument document = JsonFields.Parse(json)!;
        using PooledBuffer buffer = new(1);
        JsonFields.AppendText(document.RootElement.GetProperty("a"), buffer);
        Assert.Equal(Encoding.UTF8.GetBytes(text.Get), buffer.Written.ToArray());
    }

    private static bool IsGood(byte[] json)
    {
        using JsonDocument? document = JsonFields.Parse(json);
        return document is not null;
    }
}
