using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Protocols.Huawei.Tests;

public class SignedTextsTests
{
    private const string ContentHash = "X-Sdk-Content-Sha256";

    /// <summary>What the vendor publishes, and what its own signer makes of this service's calls.</summary>
    public static TheoryData<string, string, string, string, string> Vectors() => new()
    {
        {
            "POST", Calls.Root + "describe-key", "{\"key_id\":\"0d0466b0-e727-4d9c-b35d-f84bb474a37f\"}",
            "3c3dabad5b0ab37134547da1d93135f27dbaa0f90e7da6aa079719dd3a3b1760",
            "851de2d6a8b45a1692b7d4db751d676ccab47c242c9a3d62f92e2d12256cf6c8"
        },
        {
            "GET", Calls.Root + "user-instances", "{}",
            "41ff742123c78f1e82a3b922cee4447da1bceb51929e1bdc6b83457e876ec632",
            "1524690144d57091a8e1d564926ec131aae5014dd6d1f7bebfb1164a61dd22d9"
        },
        {
            "DELETE", Calls.Root + Calls.KeyId + "/tags/key1", "",
            "95d5ae91e7a680ff1d861958700cb87cf02ad1635eba4845195ccf808d07d20a",
            "6f9363a6f96f65a5d69c5e3bfed84eedb49ff8c1439c9777480f6da71ed82870"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_OfTheVendorsSigner_Holds(string method, string path, string body, string hash, string signature)
    {
        (string, string)[] headers =
        [
            ("content-type", "application/json"),
            ("x-project-id", Calls.Project),
            ("host", "kms.cn-north-1.example.com"),
            ("x-sdk-date", Signer.Now),
        ];
        const string names = "content-type;host;x-project-id;x-sdk-date";
        using HuaweiRequest request = Calls.Request(
            method, path, Calls.Bytes(body),
            [.. headers, ("Authorization", $"SDK-HMAC-SHA256 Access=testid, SignedHeaders={names}, Signature={signature}")]);
        AssertVector(request, hash, Signer.Now, "testsecret"u8);
    }

    [Fact]
    public void Vector_ThatTheVendorPublishes_Holds()
    {
        const string names = "content-type;host;x-sdk-date";
        const string signature = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe";
        using HuaweiRequest request = Calls.Request(
            "GET",
            "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs/?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
            [],
            ("Content-Type", "application/json"),
            ("Host", "service.region.example.com"),
            ("X-Sdk-Date", "20191115T033655Z"),
            ("Authorization",
                $"SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders={names}, Signature={signature}"));
        AssertVector(
            request,
            "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a",
            "20191115T033655Z",
            "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"u8);
    }

    [Theory]
    [InlineData("a%20b", nameof(SignedPath.Meant))]
    [InlineData("a%20b", nameof(SignedPath.Sent))]
    [InlineData("a%20b%2Fc", nameof(SignedPath.Meant))]
    [InlineData("a%20b%2Fc", nameof(SignedPath.Sent))]
    [InlineData("a%20b%2Fc", nameof(SignedPath.Flattened))]
    [InlineData("a%2F", nameof(SignedPath.Meant))]
    [InlineData("a%2F", nameof(SignedPath.Flattened))]
    [InlineData("a%2F/", nameof(SignedPath.Flattened))]
    [InlineData("%2F%2F", nameof(SignedPath.Flattened))]
    [InlineData("%e5%AF%86", nameof(SignedPath.Meant))]
    [InlineData("%e5%AF%86", nameof(SignedPath.Sent))]
    [InlineData("a+b!*()~$&", nameof(SignedPath.Meant))]
    [InlineData("a+b!*()~$&", nameof(SignedPath.Sent))]
    [InlineData("a%2541", nameof(SignedPath.Meant))]
    [InlineData("a%2541/", nameof(SignedPath.Sent))]
    [InlineData("a//b/", nameof(SignedPath.Meant))]
    public void Path_AsTheVendorsSignersWriteIt_Holds(string key, string path)
    {
        Signer signer = new() { Method = "DELETE", Target = Calls.Root + "k/tags/" + key, Path = Enum.Parse<SignedPath>(path) };
        Assert.True(IsGood(signer.Request()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?")]
    [InlineData("/p?a")]
    [InlineData("/p?b=2&a=2&b=1&a=1")]
    [InlineData("/p?a-b=1&a=1&aB=1&B=1")]
    [InlineData("/p?a=%E5%AF%86+%2B&c=~!'()*")]
    [InlineData("/v3/projects?name=ae-ad-1")]
    public void Target_OfAnyForm_Holds(string target) => Assert.True(IsGood(new Signer { Method = "GET", Target = target }.Request()));

    [Fact]
    public void Headers_PaddedOrSeveral_AreTrimmedAndSorted() => Assert.True(IsGood(new Signer
    {
        Headers = [("X-B", " 2 "), ("x-sdk-date", Signer.Now), ("x-b", "1"), ("X-a", ""), ("host", "h:8443")],
    }.Request()));

    [Fact]
    public void Headers_Unsigned_MayBeAnything()
    {
        using HuaweiRequest request = new Signer().Request();
        request.Headers["User-Agent"] = "any";
        Assert.True(IsGood(request));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("x-sdk-date")]
    [InlineData("x-project-id")]
    public void Headers_SignedButNotThere_AreRefused(string name)
    {
        using HuaweiRequest request = new Signer
        {
            Headers = [("host", "h"), ("x-sdk-date", Signer.Now), ("x-project-id", "p")],
        }.Request();
        Assert.True(IsGood(request));
        request.Headers.Remove(name);
        Assert.Null(SignedTexts.Of(request, Signer.Clock));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("x-sdk-date")]
    public void Headers_ThatDecide_ComeOnce(string name)
    {
        (string, string)[] twice = [("host", "h"), ("x-sdk-date", Signer.Now), (name, name == "host" ? "h" : Signer.Now)];
        Assert.Null(SignedTexts.Of(new Signer { Headers = twice }.Request(), Signer.Clock));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("lower", true)]
    [InlineData("upper", true)]
    [InlineData("UNSIGNED-PAYLOAD", false)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false)]
    [InlineData("00", false)]
    public void ContentHash_Given_IsThatOfTheBody(string given, bool isGood)
    {
        byte[] body = "{}"u8.ToArray();
        string hash = given switch
        {
            "lower" => Convert.ToHexStringLower(SHA256.HashData(body)),
            "upper" => Convert.ToHexString(SHA256.HashData(body)),
            _ => given,
        };
        (string, string)[] headers = [("host", "h"), ("x-sdk-date", Signer.Now)];
        if (hash.Length > 0) headers = [.. headers, (ContentHash, hash)];
        Assert.Equal(isGood, IsGood(new Signer { Body = body, Headers = headers }.Request()));
    }

    [Fact]
    public void ContentHash_Twice_IsRefused()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData([]));
        using HuaweiRequest request = new Signer().Request();
        request.Headers[ContentHash] = hash;
        Assert.True(IsGood(request));
        request.Headers[ContentHash] = new StringValues([hash, hash]);
        Assert.False(IsGood(request));
    }

    [Theory]
    [InlineData("20260101T114500Z", true)]
    [InlineData("20260101T121500Z", true)]
    [InlineData("20260101T114459Z", false)]
    [InlineData("20260101T121501Z", false)]
    [InlineData("2026-01-01T12:00:00Z", false)]
    [InlineData("20260101T120000", false)]
    [InlineData("20260101T120000z", false)]
    [InlineData("20260101T120000+0000", false)]
    [InlineData("20260101 120000Z", false)]
    [InlineData(" 20260101T120000Z", false)]
    [InlineData("20260132T120000Z", false)]
    [InlineData("00010101T000000Z", false)]
    [InlineData("99991231T235959Z", false)]
    [InlineData("", false)]
    public void Date_OfOneForm_IsWithinFifteenMinutes(string date, bool isGood) => Assert.Equal(
        isGood, IsGood(new Signer { Headers = [("host", "h"), ("x-sdk-date", date)] }.Request()));

    private static void AssertVector(HuaweiRequest request, string hash, string date, ReadOnlySpan<byte> secret)
    {
        FakeTimeProvider time = new(DateTimeOffset.ParseExact(
            date, "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        SignedTexts signed = SignedTexts.Of(request, time)!;
        Assert.Equal([$"SDK-HMAC-SHA256\n{date}\n{hash}"], signed.Texts);
        Assert.True(signed.IsMadeWith(secret));
        Assert.False(signed.IsMadeWith("another"u8));
        Assert.False(signed.IsMadeWith([]));
    }

    private static bool IsGood(HuaweiRequest request) =>
        SignedTexts.Of(request, Signer.Clock)?.IsMadeWith(Signer.Secret) ?? false;
}
