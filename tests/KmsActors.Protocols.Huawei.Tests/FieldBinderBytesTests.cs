using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Huawei.Tests;

public class FieldBinderBytesTests
{
    private static readonly HuaweiError s_error = HuaweiErrors.CiphertextInvalid;

    [Theory]
    [InlineData("\"00AbfF\"", "00ABFF", null)]
    [InlineData("\"0011\"", "0011", null)]
    [InlineData("\"\\u0030011\"", "0011", null)]
    [InlineData("\"00\"", null, "KMS.2201")]
    [InlineData("\"0011223344\"", null, "KMS.2201")]
    [InlineData("\"00112\"", null, "KMS.2201")]
    [InlineData("\"00 1\"", null, "KMS.2201")]
    [InlineData("\"001g\"", null, "KMS.2201")]
    [InlineData("\"0x11\"", null, "KMS.2201")]
    [InlineData("\"密\"", null, "KMS.2201")]
    [InlineData("\"\"", null, "KMS.2201")]
    [InlineData("1122", null, "KMS.2201")]
    [InlineData("null", null, "KMS.0204")]
    public void Hex_Bytes_AreBounded(string value, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"v\":" + value + "}");
        byte[] bytes = bind.Hex("v", 2, 4, s_error);
        Assert.Equal(code, bind.Error?.Code);
        Assert.Equal(expected ?? "", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("\"aGk=\"", "hi", null)]
    [InlineData("\"aGkh\"", "hi!", null)]
    [InlineData("\"Pz8\\/Pz8\\/\"", "??????", null)]
    [InlineData("\"aGkhaGkhaGkh\"", null, "KMS.2201")]
    [InlineData("\"aGk\"", null, "KMS.2201")]
    [InlineData("\"aGl=\"", null, "KMS.2201")] // spare bits
    [InlineData("\"aG==k===\"", null, "KMS.2201")]
    [InlineData("\"aGk=\\n\\n\\n\\n\"", null, "KMS.2201")]
    [InlineData("\"aG k\"", null, "KMS.2201")]
    [InlineData("\"aGk-\"", null, "KMS.2201")]
    [InlineData("\"====\"", null, "KMS.2201")]
    [InlineData("\"\"", null, "KMS.2201")]
    [InlineData("true", null, "KMS.2201")]
    [InlineData("null", null, "KMS.0204")]
    public void Base64_Text_IsCanonicalAndBounded(string value, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"v\":" + value + "}");
        byte[] bytes = bind.Base64("v", 4, 8, s_error);
        Assert.Equal(code, bind.Error?.Code);
        Assert.Equal(expected ?? "", Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("\"a\"", "a", null)]
    [InlineData("\"密\"", "密", null)]
    [InlineData("\"\\u5bc6\"", "密", null)]
    [InlineData("\"\\\"\\\\\\n\"", "\"\\\n", null)]
    [InlineData("\"密a\"", null, "KMS.2201")]
    [InlineData("\"abcd\"", null, "KMS.2201")]
    [InlineData("\"\"", null, "KMS.2201")]
    [InlineData("1", null, "KMS.2201")]
    [InlineData("null", null, "KMS.0204")]
    public void SecretText_Utf8_IsBoundedInBytes(string value, string? expected, string? code)
    {
        using FieldBinder bind = Calls.Bind("{\"v\":" + value + "}");
        ReadOnlyMemory<byte> secret = bind.SecretText("v", 1, 3, s_error);
        Assert.Equal(code, bind.Error?.Code);
        Assert.Equal(expected ?? "", Encoding.UTF8.GetString(secret.Span));
    }

    [Fact]
    public void Secrets_OfAllBinders_AreZeroedWithThatOfTheBody()
    {
        FieldBinder bind = Calls.Bind("{\"v\":\"abc\",\"h\":\"616263\",\"o\":{\"v\":\"abc\"}}");
        ReadOnlyMemory<byte>[] secrets =
        [
            bind.SecretText("v", 1, 3, s_error),
            bind.SecretHex("h", 1, 3, s_error),
            bind.Object("o", s_error, nested => nested.SecretText("v", 1, 3, s_error)),
        ];
        Assert.All(secrets, secret => Assert.Equal("abc"u8, secret.Span));
        bind.Dispose();
        Assert.All(secrets, secret => Assert.Equal(new byte[3], secret.ToArray()));
    }

    [Property]
    public void Bytes_Any_AreReadBack(NonEmptyArray<byte> bytes)
    {
        string hex = Convert.ToHexStringLower(bytes.Get);
        using FieldBinder bind = Calls.Bind("{\"h\":\"" + hex + "\",\"b\":\"" + Convert.ToBase64String(bytes.Get) + "\"}");
        Assert.Equal(bytes.Get, bind.Hex("h", 1, 10_000, s_error));
        Assert.Equal(bytes.Get, bind.SecretHex("h", 1, 10_000, s_error).ToArray());
        Assert.Equal(bytes.Get, bind.Base64("b", 1, 10_000, s_error));
        Assert.Null(bind.Error);
    }

    [Property]
    public void Readers_Anything_NeverThrow(NonNull<string> text)
    {
        string value = JsonSerializer.Serialize(text.Get);
        using FieldBinder bind = Calls.Bind("{\"v\":" + value + ",\"sequence\":" + value + "}");
        bind.Hex("v", 0, 100, s_error);
        bind.Base64("v", 0, 100, s_error);
        bind.SecretText("v", 0, 100, s_error);
        bind.OptionalNumber("v", 0, 100, s_error);
        bind.Text("v", new TextRule(0, 100), s_error);
        bind.KeyId("v");
        bind.Context("v");
        Assert.Equal(HuaweiErrors.SequenceInvalid, bind.Error);
    }
}
