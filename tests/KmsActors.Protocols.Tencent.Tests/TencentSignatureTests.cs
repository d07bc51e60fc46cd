using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Tencent.Tests;

public class TencentSignatureTests
{
    private const string Kms = "kms-gz.api.qcloud.com";

    // Those of the vendor's own unit tests, recomputed.
    private static readonly (string Name, string Value)[] s_instances =
    [
        ("Nonce", "1290303896666895346"), ("Action", "DescribeInstances"), ("Region", "ap-guangzhou"),
        ("SecretId", "secretIdFoo"), ("Timestamp", "1512393162"), ("Version", "2017-03-12"),
    ];

    // What qcloudapi-sdk for Node.js signs.
    private static readonly (string Name, string Value)[] s_createKey =
    [
        ("Action", "CreateKey"), ("alias", "my-key"), ("description", "测试 a+b &=%"), ("Nonce", "12345"), ("Region", "gz"),
        ("RequestClient", "SDK_NODEJS_0.2.1"), ("SecretId", "testid"), ("Timestamp", "1500000000"),
    ];

    [Theory]
    [InlineData("POST", "HmacSHA1", "p3n+pxBqF5JGZtDSxoVn5tGngf0=")]
    [InlineData("POST", "HmacSHA256", "B2T37FRSP6Fk0/q/cdfrTE0p3zX5ooB/2BPWZUFpsj4=")]
    [InlineData("GET", "HmacSHA1", "5HAq1BOKNLEE2/uauWnp6Zv9Z3c=")]
    public void Matches_TheVendorsOwnVectors(string method, string signatureMethod, string signature) => Check(
        method, "cvm.api.qcloud.com", signature, "secretKeyBar", [.. s_instances, ("SignatureMethod", signatureMethod)]);

    [Theory]
    [InlineData("GET", null, "vPyDy1LoM+hxQ2KVX7x7SzqM75Y=")]
    [InlineData("POST", null, "lpWeEMRV7ggXtsRo8uiyfXv9324=")]
    [InlineData("GET", "HmacSHA256", "6+wKpSIhsWScr0OT+cDl0O9bmegYMS+G5j+TTfdNq7k=")]
    [InlineData("POST", "HmacSHA256", "8tRVc/b7607ku+Br8EoXl/cF6LNwjgfffvPYZdRCs/8=")]
    public void Matches_TheSdksVectors(string method, string? signatureMethod, string signature) => Check(
        method, Kms, signature, "testsecret",
        signatureMethod is null ? s_createKey : [.. s_createKey, ("SignatureMethod", signatureMethod)]);

    [Fact]
    public void Source_HasRawValuesInOrderOfName()
    {
        using var request = Calls.Request("GET", Kms, "any", false, s_createKey);
        Assert.Equal(
            "GETkms-gz.api.qcloud.com/v2/index.php?Action=CreateKey&Nonce=12345&Region=gz&RequestClient=SDK_NODEJS_0.2.1"
            + "&SecretId=testid&Timestamp=1500000000&alias=my-key&description=测试 a+b &=%",
            SourceOf(request));
    }

    // As the clients have it: sorted as they are, '.' for '_' but not at the beginning; arrays by their text.
    [Fact]
    public void Source_HasNamesAsTheClientsWriteThem()
    {
        using var request = Calls.Request(
            "GET", "h:81", "any", false, ("a_c", "1_2"), ("a.d", "2"), ("_b_c", "3"), ("ids.10", "4"), ("ids.2", "5"));
        Assert.Equal("GETh:81/v2/index.php?_b_c=3&a.d=2&a.c=1_2&ids.10=4&ids.2=5", SourceOf(request));
    }

    [Theory]
    [InlineData("POST", false, "?b=x@")]
    [InlineData("POST", true, "?Version=2&a=@x&b=x@")]
    [InlineData("GET", false, "?a=@x&b=x@")]
    public void Source_OfAForm_LeavesOutWhatLooksLikeAFile(string method, bool hasVersion, string expected)
    {
        (string Name, string Value)[] parameters = [("a", "@x"), ("b", "x@")];
        if (hasVersion) parameters = [.. parameters, ("Version", "2")];
        using var request = Calls.Request(method, "h", "any", false, parameters);
        Assert.Equal($"{method}h/v2/index.php{expected}", SourceOf(request));
    }

    [Property]
    public void Matches_WhatAnIndependentClientSigns((NonEmptyString Key, NonNull<string> Value)[] any, byte[] secret, bool sha256)
    {
        var parameters = any
            .Select(p => (Name: WellFormed(p.Key.Get).Replace("_", "-").Replace("Signature", ""), Value: WellFormed(p.Value.Get)))
            .Where(p => p.Name.Length > 0).DistinctBy(p => p.Name).ToArray();
        var source = "GETh/v2/index.php?" + string.Join(
            '&', parameters.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}"));
        // Without a parameter there is no question mark, which no request that can be read comes to.
        if (parameters.Length == 0) return;
        var bytes = Encoding.UTF8.GetBytes(source);
#pragma warning disable CA5350 // What the platform prescribes.
        var mac = sha256 ? HMACSHA256.HashData(secret, bytes) : HMACSHA1.HashData(secret, bytes);
#pragma warning restore CA5350
        using var request = Calls.Request("GET", "h", Convert.ToBase64String(mac), sha256, parameters);
        Assert.True(TencentSignature.Matches(request, secret));
        Assert.False(TencentSignature.Matches(request, [.. secret, 1]));
    }

    [Property]
    public bool Matches_NoSignatureButItsOwn(NonNull<string> signature)
    {
        using var request = Calls.Request("GET", Kms, signature.Get, true, s_createKey);
        return !TencentSignature.Matches(request, "testsecret"u8);
    }

    private static void Check(
        string method, string host, string signature, string secret, (string Name, string Value)[] parameters)
    {
        var isSha256 = parameters.Contains(("SignatureMethod", "HmacSHA256"));
        using var request = Calls.Request(method, host, signature, isSha256, parameters);
        Assert.True(TencentSignature.Matches(request, Encoding.UTF8.GetBytes(secret)));
        Assert.False(TencentSignature.Matches(request, Encoding.UTF8.GetBytes(secret[1..])));
        using var other = Calls.Request(method, host, signature, !isSha256, parameters);
        Assert.False(TencentSignature.Matches(other, Encoding.UTF8.GetBytes(secret)));
    }

    private static string SourceOf(TencentRequest request)
    {
        using var source = TencentSignature.SourceOf(request);
        return Encoding.UTF8.GetString(source.Written);
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
