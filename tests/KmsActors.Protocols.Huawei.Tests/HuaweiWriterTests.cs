using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using KmsActors.Grains;

namespace KmsActors.Protocols.Huawei.Tests;

public class HuaweiWriterTests
{
    [Fact]
    public void Fields_OfEveryKind_AreAsDocumented() => Assert.Equal(
        """
        {"keys":["a","b"],"key_details":[{"key_id":"a","key_state":"2"},{}],"truncated":"false","next_marker":"",
        "total":2,"key_rotation_enabled":true,"random_data":"00AB0F","cipher_text":"aGk=",
        "plain_text":"12345678 明文/+","quotas":{"resources":[]}}
        """.ReplaceLineEndings(""),
        Rendered(writer =>
        {
            writer.BeginList("keys");
            writer.Item("a");
            writer.Item("b");
            writer.EndList();
            writer.BeginList("key_details");
            writer.BeginItem();
            writer.String("key_id", "a");
            writer.NumberText("key_state", 2);
            writer.EndItem();
            writer.BeginItem();
            writer.EndItem();
            writer.EndList();
            writer.BooleanText("truncated", false);
            writer.String("next_marker", null);
            writer.Number("total", 2);
            writer.Boolean("key_rotation_enabled", true);
            writer.Hex("random_data", [0x00, 0xAB, 0x0F]);
            writer.Base64("cipher_text", "hi"u8);
            writer.Utf8("plain_text", "12345678 明文/+"u8);
            writer.BeginObject("quotas");
            writer.BeginList("resources");
            writer.EndList();
            writer.EndObject();
        }));

    [Fact]
    public void BooleanText_IsAWord() =>
        Assert.Equal("""{"V":"true","W":"false"}""", Rendered(writer =>
        {
            writer.BooleanText("V", true);
            writer.BooleanText("W", false);
        }));

    [Fact]
    public void TimeText_IsInMillisecondsOrEmpty()
    {
        DateTimeOffset time = new(2017, 8, 15, 20, 23, 42, 7, TimeSpan.FromHours(8));
        Assert.Equal("1502799822007", Value(writer => writer.TimeText("V", time)));
        Assert.Equal("", Value(writer => writer.TimeText("V", null)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void NumberText_Extremes_AreWhole(long number) =>
        Assert.Equal(number.ToString(CultureInfo.InvariantCulture), Value(writer => writer.NumberText("V", number)));

    [Property]
    public void String_Any_ReadsBack(NonNull<string> text) => Assert.Equal(
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)), Value(writer => writer.String("V", text.Get)));

    [Property]
    public void Utf8_AnyBytes_ReadBack(byte[] bytes) =>
        Assert.Equal(Encoding.UTF8.GetString(bytes), Value(writer => writer.Utf8("V", bytes)));

    [Property]
    public void HexAndBase64_Any_ReadBack(byte[] bytes)
    {
        Assert.Equal(Convert.ToHexString(bytes), Value(writer => writer.Hex("V", bytes)));
        Assert.Equal(Convert.ToBase64String(bytes), Value(writer => writer.Base64("V", bytes)));
    }

    [Fact]
    public void String_LongerThanAnyBuffer_IsWhole()
    {
        string text = new('密', 100_000);
        Assert.Equal(text, Value(writer => writer.String("V", text)));
    }

    [Fact]
    public void Finish_SomethingOpen_IsAFault()
    {
        using HuaweiWriter writer = new();
        writer.BeginObject("key_info");
        Assert.Throws<InvariantException>(() => writer.Finish());
    }

    private static string Rendered(Action<HuaweiWriter> write)
    {
        using HuaweiWriter writer = new();
        write(writer);
        return Encoding.UTF8.GetString(writer.Finish().Span);
    }

    private static string Value(Action<HuaweiWriter> write) =>
        JsonDocument.Parse(Rendered(write)).RootElement.GetProperty("V").GetString()!;
}
