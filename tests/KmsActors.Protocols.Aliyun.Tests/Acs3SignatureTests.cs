using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Aliyun.Tests;

public class Acs3SignatureTests
{
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Signature = "bf260c6e890b9f40895a65698cf73e39e24e610d6d1860e48a67200cd50c1459";

    // As the client sends it: what it signed escaped is not escaped on the wire.
    private const string Query =
        "Plaintext=aGVsbG8%3D&KeyId=1234abcd-12ab-34cd-56ef-12345678abcd"
        + "&EncryptionContext=%7B%22k%22:%22*()!~'%20v%22%7D";

    private static readonly (string, string)[] s_headers =
    [
        ("host", "kms.cn-hangzhou.aliyuncs.com"),
        ("x-acs-action", "Encrypt"),
        ("x-acs-content-sha256", EmptyHash),
        ("x-acs-credentials-provider", "static_ak"),
        ("x-acs-date", "2023-10-26T09:01:01Z"),
        ("x-acs-signature-nonce", "d410180a5abf7fe235dd9b74aca91fc0"),
        ("x-acs-version", "2016-01-20"),
    ];

    [Fact]
    public void Matches_VendorsExample_Holds()
    {
        using AliyunRequest request = Calls.Acs3(
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
            [],
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", EmptyHash),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"));
        Assert.Equal(
            "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
            RequestHash(request));
        Assert.True(request.IsSignedWith("YourAccessKeySecret"u8));
        Assert.False(request.IsSignedWith("YourAccessKeySecret&"u8));
    }

    [Fact]
    public void Matches_ParametersInQuery_Holds()
    {
        using AliyunRequest request = Calls.Acs3(Signature, Query, [], s_headers);
        Assert.Equal(
            "205454e39e8cf1cd50d62909992b884c027cf8ca5047c555ad551e47c8133f8c",
            RequestHash(request));
        Assert.True(request.IsSignedWith(Calls.Secret));
    }

    [Fact]
    public void Matches_ParametersInBody_Holds()
    {
        byte[] body = "CiphertextBlob=YWJj%2B%2F%3D"u8.ToArray();
        using AliyunRequest request = Calls.Acs3(
            "02568585d3ad19d8cebf9c2311afc9dec5c284604dd9138a37068b0135a55b55",
            "",
            body,
            [
                .. s_headers[3..],
                ("host", "kms.cn-hangzhou.aliyuncs.com"),
                ("content-type", "application/x-www-form-urlencoded"),
                ("x-acs-action", "Decrypt"),
                ("x-acs-content-sha256", "e5d7e8e2573630b49d79784b0e5722cb162a6f13c2b6c2d360d4127b1db83786"),
            ]);
        Assert.Equal(
            "9290898daf50e2a1176a5e6f5f0710627123696bd8c2dfff161e2da6bd175558",
            RequestHash(request));
        Assert.True(request.IsSignedWith(Calls.Secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bf26")]
    [InlineData("zz260c6e890b9f40895a65698cf73e39e24e610d6d1860e48a67200cd50c1459")]
    [InlineData("bf260c6e890b9f40895a65698cf73e39e24e610d6d1860e48a67200cd50c1458")]
    [InlineData("bf260c6e890b9f40895a65698cf73e39e24e610d6d1860e48a67200cd50c145900")]
    public void Matches_WrongOrMalformedSignature_IsFalse(string signature)
    {
        using AliyunRequest request = Calls.Acs3(signature, Query, [], s_headers);
        Assert.False(Acs3Signature.Matches(request, Calls.Secret));
    }

    [Fact]
    public void Matches_PaddedHeaderValue_IsTrimmed()
    {
        using AliyunRequest request = Calls.Acs3(
            Signature, Query, [], [.. s_headers[1..], ("host", "  kms.cn-hangzhou.aliyuncs.com ")]);
        Assert.True(Acs3Signature.Matches(request, Calls.Secret));
    }

    [Theory]
    [InlineData("x-acs-action", "Decrypt")]
    [InlineData("x-acs-date", "2023-10-26T09:01:02Z")]
    [InlineData("host", "kms.cn-hangzhou.aliyuncs.com:443")]
    [InlineData("x-acs-credentials-provider", "")]
    public void Matches_SignedHeaderChanged_IsFalse(string name, string value)
    {
        using AliyunRequest request = Calls.Acs3(
            Signature, Query, [], [.. s_headers.Where(h => h.Item1 != name), (name, value)]);
        Assert.False(Acs3Signature.Matches(request, Calls.Secret));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("x-acs-action")]
    [InlineData("x-acs-version")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public void Matches_DecisiveHeaderNotSigned_IsFalse(string name)
    {
        using AliyunRequest request = Resigned([.. s_headers.Where(h => h.Item1 != name)], []);
        Assert.True(Acs3Signature.Matches(request, Calls.Secret));

        request.Acs3!.Headers[name] = s_headers.First(h => h.Item1 == name).Item2;
        Assert.False(Acs3Signature.Matches(request, Calls.Secret));
    }

    [Fact]
    public void Matches_HashOfAnotherBody_IsFalse()
    {
        using AliyunRequest request = Resigned(s_headers, "KeyId=another"u8.ToArray());
        Assert.False(Acs3Signature.Matches(request, Calls.Secret));
    }

    [Theory]
    [InlineData("x-acs-date;host")]
    [InlineData("host;host")]
    [InlineData("host;x-acs-absent")]
    [InlineData("host;;x-acs-date")]
    [InlineData("")]
    public void Matches_ListOfHeadersMalformed_IsFalse(string list)
    {
        using AliyunRequest request = Calls.Acs3("", Query, [], ("host", "h"), ("x-acs-date", "d"));
        using PooledBuffer text = new(16);
        Acs3Signed signed = request.Acs3! with { SignedHeaders = list };
        Assert.False(Acs3Signature.TryCanonicalize(request, signed, text));
    }

    [Theory]
    [InlineData(Acs3Signature.MostSignedHeaders, true)]
    [InlineData(Acs3Signature.MostSignedHeaders + 1, false)]
    public void Matches_ManySignedHeaders_AreBounded(int count, bool expected)
    {
        (string, string)[] headers = [.. Enumerable.Range(0, count).Select(i => ($"x-acs-{i:D3}", "v"))];
        using AliyunRequest request = Calls.Acs3("", Query, [], headers);
        using PooledBuffer text = new(16);
        Assert.Equal(expected, Acs3Signature.TryCanonicalize(request, request.Acs3!, text));
    }

    private static AliyunRequest Resigned((string, string)[] headers, byte[] body)
    {
        using AliyunRequest unsigned = Calls.Acs3("", Query, body, headers);
        byte[] toSign = Encoding.ASCII.GetBytes("ACS3-HMAC-SHA256\n" + RequestHash(unsigned));
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(Calls.Secret, toSign));
        return Calls.Acs3(signature, Query, body, headers);
    }

    private static string RequestHash(AliyunRequest request)
    {
        using PooledBuffer text = new(16);
        Acs3Signature.TryCanonicalize(request, request.Acs3!, text);
        return Convert.ToHexStringLower(SHA256.HashData(text.Written));
    }
}
