using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace KmsActors.Protocols.Aliyun.Tests;

public class Acs3AuthorizationTests
{
    private const string Good =
        "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-date,Signature=00";

    [Theory]
    [InlineData(Good)]
    [InlineData("ACS3-HMAC-SHA256 Signature=00, Credential=testid, SignedHeaders=host;x-acs-date")]
    public async Task Read_Authorization_IsSplit(string authorization)
    {
        using Received received = await Read(authorization);
        Assert.Equal("testid", received.Request!.AccessKeyId);
        Assert.Equal("host;x-acs-date", received.Request.Acs3!.SignedHeaders);
        Assert.Equal("00", received.Request.Acs3.Signature);
    }

    [Theory]
    [InlineData("ACS3-RSA-SHA256 Credential=testid,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256")]
    [InlineData("ACS3-HMAC-SHA256 ")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host")]
    [InlineData("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=00")]
    [InlineData(Good + ",Other=1")]
    public async Task Read_MalformedAuthorization_IsRefusedInJson(string authorization)
    {
        using Received received = await Read(authorization);
        Assert.Equal(AliyunErrors.IncompleteSignature, received.Error);
        Assert.Equal(AliyunFormat.Json, received.Format);
    }

    [Fact]
    public async Task Read_AuthorizationTwice_IsRefused()
    {
        using Received received = await Read(new StringValues([Good, Good]));
        Assert.Equal(AliyunErrors.IncompleteSignature, received.Error);
    }

    [Fact]
    public async Task Read_HeaderMissing_IsRefusedByName()
    {
        Assert.Equal(AliyunErrors.MissingParameter("x-acs-action"), await ErrorWith("x-acs-action", default));
        Assert.Equal(AliyunErrors.MissingParameter("x-acs-version"), await ErrorWith("x-acs-version", ""));
        Assert.Equal(AliyunErrors.IllegalTimestamp, await ErrorWith("x-acs-date", default));
        Assert.Null(await ErrorWith("x-acs-signature-nonce", default));
    }

    [Fact]
    public async Task Read_HeaderInvalid_IsRefusedByName()
    {
        Assert.Equal(
            AliyunErrors.InvalidParameter("x-acs-version"), await ErrorWith("x-acs-version", "2014-05-26"));
        Assert.Equal(
            AliyunErrors.InvalidParameter("x-acs-signature-nonce"),
            await ErrorWith("x-acs-signature-nonce", new string('n', 129)));
        Assert.Equal(AliyunErrors.TimestampFormat, await ErrorWith("x-acs-date", "yesterday"));
        Assert.Equal(
            AliyunErrors.MissingParameter("x-acs-action"),
            await ErrorWith("x-acs-action", new StringValues(["Encrypt", "Decrypt"])));
    }

    [Fact]
    public async Task Read_BadQuery_IsRefusedInJson()
    {
        using Received received = await Read(Good, "V=%");
        Assert.Equal(AliyunErrors.ParseRequestParameterException, received.Error);
        Assert.Equal(AliyunFormat.Json, received.Format);
    }

    private static async Task<AliyunError?> ErrorWith(string header, StringValues value)
    {
        HttpContext context = Context(Good, "");
        context.Request.Headers[header] = value;
        using Received received = await Calls.Read(context);
        return received.Error;
    }

    private static ValueTask<Received> Read(StringValues authorization, string query = "") =>
        Calls.Read(Context(authorization, query));

    private static DefaultHttpContext Context(StringValues authorization, string query)
    {
        DefaultHttpContext context = Calls.Context("POST", query);
        IHeaderDictionary headers = context.Request.Headers;
        headers.Authorization = authorization;
        headers["x-acs-action"] = "Encrypt";
        headers["x-acs-version"] = "2016-01-20";
        headers["x-acs-date"] = "2023-10-26T09:01:01Z";
        headers["x-acs-signature-nonce"] = "d410180a5abf7fe235dd9b74aca91fc0";
        return context;
    }
}
