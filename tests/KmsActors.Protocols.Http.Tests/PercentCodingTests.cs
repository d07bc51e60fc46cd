using System.Text;
using FsCheck.Xunit;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http.Tests;

public class PercentCodingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a+b", "a b")]
    [InlineData("a%20b%2Bc", "a b+c")]
    [InlineData("%e5%AF%86%E9%92%a5", "密钥")]
    [InlineData("*()'!~", "*()'!~")]
    [InlineData("%", null)]
    [InlineData("%4", null)]
    [InlineData("ab%4", null)]
    [InlineData("%zz", null)]
    [InlineData("%4g", null)]
    [InlineData("%-1", null)]
    [InlineData("%%41", null)]
    public void DecodeInPlace_Text_DecodesOrRefuses(string text, string? expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = PercentCoding.DecodeInPlace(bytes);
        Assert.Equal(expected, length < 0 ? null : Encoding.UTF8.GetString(bytes, 0, length));
    }

    [Theory]
    [InlineData("AZaz09-_.~", "AZaz09-_.~", "AZaz09-_.~")]
    [InlineData("a b*c", "a%20b%2Ac", "a%2520b%252Ac")]
    [InlineData("!'()+/=&", "%21%27%28%29%2B%2F%3D%26", "%2521%2527%2528%2529%252B%252F%253D%2526")]
    [InlineData("密", "%E5%AF%86", "%25E5%25AF%2586")]
    public void Encode_Text_EscapesAllButUnreserved(string text, string once, string twice)
    {
        using PooledBuffer buffer = new(1);
        PercentCoding.Encode(Encoding.UTF8.GetBytes(text), buffer);
        Assert.Equal(once, buffer.Text());

        using PooledBuffer second = new(1);
        PercentCoding.EncodeTwice(Encoding.UTF8.GetBytes(text), second);
        Assert.Equal(twice, second.Text());
    }

    [Property]
    public bool DecodeInPlace_OfEncoded_IsTheOriginal(byte[] bytes)
    {
        using PooledBuffer buffer = new(1);
        PercentCoding.Encode(bytes, buffer);
        int length = PercentCoding.DecodeInPlace(buffer.Written);
        return buffer.Written[..length].SequenceEqual(bytes);
    }

    [Property]
    public bool EncodeTwice_Bytes_IsEncodeOfEncode(byte[] bytes)
    {
        using PooledBuffer once = new(1);
        using PooledBuffer again = new(1);
        using PooledBuffer fused = new(1);
        PercentCoding.Encode(bytes, once);
        PercentCoding.Encode(once.Written, again);
        PercentCoding.EncodeTwice(bytes, fused);
        return fused.Written.SequenceEqual(again.Written);
    }
}
