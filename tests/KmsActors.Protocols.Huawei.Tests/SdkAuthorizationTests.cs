using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Protocols.Huawei.Tests;

public class SdkAuthorizationTests
{
    private const string Hex = "851de2d6a8b45a1692b7d4db751d676ccab47c242c9a3d62f92e2d12256cf6c8";
    private const string Good = "SDK-HMAC-SHA256 Access=testid, SignedHeaders=host;x-sdk-date, Signature=" + Hex;

    [Fact]
    public void Parse_AsTheSignersWriteIt_IsSplit()
    {
        SdkAuthorization authorization = SdkAuthorization.Parse(Good)!;
        Assert.Equal("testid", authorization.AccessKeyId);
        Assert.Equal(["host", "x-sdk-date"], authorization.SignedHeaders);
        Assert.Equal(Convert.FromHexString(Hex), authorization.Signature);
    }

    [Theory]
    [InlineData("Access=testid", "Access=LTAI.a-b_C9", true)]
    [InlineData("Signature=851de2", "Signature=851DE2", true)]
    [InlineData("host;", "content-type;host;x-project-id;", true)]
    [InlineData("SDK-HMAC-SHA256 ", "V11-HMAC-SHA256 ", false)]
    [InlineData("SDK-HMAC-SHA256 ", "SDK-HMAC-SM3 ", false)]
    [InlineData("SDK-HMAC-SHA256 ", "sdk-hmac-sha256 ", false)]
    [InlineData("SDK-HMAC-SHA256 ", " SDK-HMAC-SHA256 ", false)]
    [InlineData("SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256  ", false)]
    [InlineData("SDK-HMAC-SHA256 ", "", false)]
    [InlineData(", SignedHeaders", ",SignedHeaders", false)]
    [InlineData(", Signature", ",Signature", false)]
    [InlineData("SignedHeaders", "signedheaders", false)]
    [InlineData("Access=testid, ", "", false)]
    [InlineData("testid", "", false)]
    [InlineData("testid", "test id", false)]
    [InlineData("testid", "test,id", false)]
    [InlineData("testid", "testid, Access=other", false)]
    [InlineData("testid", "тestid", false)]
    [InlineData("testid", "test/id", false)]
    [InlineData("host;x-sdk-date", "", false)]
    [InlineData("host;x-sdk-date", "host", false)]
    [InlineData("host;x-sdk-date", "x-sdk-date", false)]
    [InlineData("host;x-sdk-date", "x-sdk-date;host", false)]
    [InlineData("host;x-sdk-date", "Host;x-sdk-date", false)]
    [InlineData("host;x-sdk-date", "host;X-Sdk-Date", false)]
    [InlineData("host;x-sdk-date", "host;host;x-sdk-date", false)]
    [InlineData("host;x-sdk-date", "host;;x-sdk-date", false)]
    [InlineData("host;x-sdk-date", "host;x-sdk-date;", false)]
    [InlineData("host;x-sdk-date", "host; x-sdk-date", false)]
    [InlineData("host;x-sdk-date", "host;x:y;x-sdk-date", false)]
    [InlineData("Signature=85", "Signature=", false)]
    [InlineData("Signature=85", "Signature=85ff", false)]
    [InlineData("Signature=85", "Signature=8g", false)]
    [InlineData("cf6c8", "cf6c8 ", false)]
    [InlineData("cf6c8", "cf6c8, Signature=00", false)]
    public void Parse_OtherForms_AreRefusedOrTaken(string part, string other, bool isGood) =>
        Assert.Equal(isGood, SdkAuthorization.Parse(Good.Replace(part, other, StringComparison.Ordinal)) is not null);

    [Fact]
    public void Parse_NoneOrTwo_IsRefused()
    {
        Assert.Null(SdkAuthorization.Parse(default));
        Assert.Null(SdkAuthorization.Parse(""));
        Assert.Null(SdkAuthorization.Parse(new StringValues([Good, Good])));
        Assert.Null(SdkAuthorization.Parse(new StringValues((string?)null)));
    }

    [Theory]
    [InlineData(SdkAuthorization.LongestAccessKeyId, true)]
    [InlineData(SdkAuthorization.LongestAccessKeyId + 1, false)]
    public void Parse_AccessKeyId_IsBounded(int length, bool isGood)
    {
        string header = Good.Replace("testid", new string('a', length), StringComparison.Ordinal);
        Assert.Equal(isGood, SdkAuthorization.Parse(header) is not null);
    }

    [Theory]
    [InlineData(SdkAuthorization.MostSignedHeaders, true)]
    [InlineData(SdkAuthorization.MostSignedHeaders + 1, false)]
    public void Parse_SignedHeaders_AreBounded(int count, bool isGood)
    {
        string more = string.Concat(Enumerable.Range(0, count - 2).Select(i => $"h{i:D3};"));
        string header = Good.Replace("host;", more + "host;", StringComparison.Ordinal);
        Assert.Equal(isGood, SdkAuthorization.Parse(header) is not null);
    }

    [Theory]
    [InlineData(SdkAuthorization.Longest, true)]
    [InlineData(SdkAuthorization.Longest + 1, false)]
    public void Parse_Length_IsBounded(int length, bool isGood)
    {
        string name = new('a', length - Good.Length - 1);
        string header = Good.Replace("host;", $"{name};host;", StringComparison.Ordinal);
        Assert.Equal(length, header.Length);
        Assert.Equal(isGood, SdkAuthorization.Parse(header) is not null);
    }

    [Property]
    public void Parse_Hostile_NeverThrows(NonNull<string> text, NonNegativeInt at, NonNegativeInt length)
    {
        int start = at.Get % Good.Length;
        string cut = Good.Remove(start, length.Get % (Good.Length - start));
        SdkAuthorization.Parse(text.Get);
        SdkAuthorization.Parse(cut);
        SdkAuthorization.Parse(Good.Insert(start, text.Get));
        SdkAuthorization.Parse("SDK-HMAC-SHA256 Access=" + text.Get);
        SdkAuthorization.Parse(Good.Replace("host", text.Get, StringComparison.Ordinal));
    }
}
