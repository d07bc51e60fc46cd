using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Huawei.Tests;

public class PercentCodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%20b%2Bc", "a b+c")]
    [InlineData("%e5%AF%86%E9%92%a5", "密钥")]
    [InlineData("密%E9%92%A5", "密钥")]
    [InlineData("*()'!~", "*()'!~")]
    [InlineData("%2541", "%41")]
    [InlineData("%", null)]
    [InlineData("%4", null)]
    [InlineData("ab%4", null)]
    [InlineData("%zz", null)]
    [InlineData("%4g", null)]
    [InlineData("%-1", null)]
    [InlineData("% 1", null)]
    [InlineData("%%41", null)]
    [InlineData("%C0%AF", null)] // an overlong '/'
    [InlineData("%E5%AF", null)] // cut short
    [InlineData("%ED%A0%80", null)] // a surrogate
    [InlineData("%FF", null)]
    public void Decode_Text_DecodesOrRefuses(string text, string? expected) =>
        Assert.Equal(expected, PercentCoding.Decode(text));

    [Fact]
    public void Decode_HalfASurrogatePair_IsRefused() => Assert.Null(PercentCoding.Decode("a\ud800"));

    [Theory]
    [InlineData("a+b", "a b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("+%", null)]
    public void DecodeQuery_Plus_IsASpace(string text, string? expected) =>
        Assert.Equal(expected, PercentCoding.DecodeQuery(text));

    [Theory]
    [InlineData("AZaz09-_.~", "AZaz09-_.~")]
    [InlineData("a b*c", "a%20b%2Ac")]
    [InlineData("!'()+/=&%", "%21%27%28%29%2B%2F%3D%26%25")]
    [InlineData("密", "%E5%AF%86")]
    [InlineData("🔑", "%F0%9F%94%91")]
    public void Encode_Text_EscapesAllButUnreserved(string text, string expected) =>
        Assert.Equal(expected, PercentCoding.Encode(text));

    [Property]
    public void Decode_OfEncoded_IsTheOriginal(NonNull<string> text)
    {
        string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
        Assert.Equal(valid, PercentCoding.Decode(PercentCoding.Encode(valid)));
    }

    [Property]
    public void Decode_Anything_NeverThrows(NonNull<string> text)
    {
        PercentCoding.Decode(text.Get);
        PercentCoding.DecodeQuery("%" + text.Get);
    }
}
