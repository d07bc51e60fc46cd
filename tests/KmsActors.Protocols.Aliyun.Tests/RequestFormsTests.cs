using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun.Tests;

/// <summary>The five ways in which the vendor's clients write a request, read and verified.</summary>
public class RequestFormsTests
{
    private const string Description = "a b+c 密钥~*()'!";

    private static readonly (string Name, string Value)[] s_operation =
        [("Description", Description), ("Origin", "EXTERNAL")];

    private static readonly (string Name, string Value)[] s_common =
    [
        ("SignatureVersion", "1.0"),
        ("Action", "CreateKey"),
        ("Format", "JSON"),
        ("AccessKeyId", "testid"),
        ("SignatureNonce", "3ee8c1b883d344afa94f4e0ad82fd6cf"),
        ("Version", "2016-01-20"),
        ("Timestamp", "2016-03-28T03:13:08Z"),
        ("SignatureMethod", "HMAC-SHA1"),
    ];

    [Fact]
    public async Task Read_AllInFormBody_IsSigned() =>
        await AssertRpc(Form(FormBody("POST", [.. s_common, .. s_operation])));

    [Fact]
    public async Task Read_AllInQueryOfGet_IsSigned() =>
        await AssertRpc(Calls.Context("GET", SignedQuery("GET", [.. s_common, .. s_operation])));

    [Fact]
    public async Task Read_AllInQueryOfPost_IsSigned() =>
        await AssertRpc(Calls.Context("POST", SignedQuery("POST", [.. s_common, .. s_operation])));

    [Fact]
    public async Task Read_AllInQueryOfPostWithFormType_IsSigned() => await AssertRpc(
        Calls.Context(
            "POST", SignedQuery("POST", [.. s_common, .. s_operation]), contentType: Calls.FormType));

    [Fact]
    public async Task Read_CommonInQueryOthersInChunkedBody_IsSigned()
    {
        string signature = Calls.Encode(Sign("POST", [.. s_common, .. s_operation]));
        await AssertRpc(Calls.Context(
            "POST",
            $"{Encoded(s_common)}&Signature={signature}",
            Encoding.ASCII.GetBytes(Encoded(s_operation)),
            Calls.FormType,
            isChunked: true));
    }

    [Fact]
    public async Task Read_FormBodyWithoutContentType_IsSigned() => await AssertRpc(
        Calls.Context("POST", body: FormBody("POST", [.. s_common, .. s_operation]), isChunked: true));

    [Fact]
    public async Task Read_GetWithFormBody_IsSigned() => await AssertRpc(Calls.Context(
        "GET",
        body: FormBody("GET", [.. s_common, .. s_operation]),
        contentType: Calls.FormType + "; charset=UTF-8"));

    [Fact]
    public async Task Read_HeadersOfAcs3BesideRpcParameters_AreIgnored()
    {
        HttpContext context = Form(FormBody("POST", [.. s_common, .. s_operation]));
        context.Request.Headers["x-acs-action"] = "DescribeRegions";
        context.Request.Headers["x-acs-version"] = "2016-01-20";
        context.Request.Headers.Authorization = "Basic dGVzdA==";
        await AssertRpc(context);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Read_Acs3InQuery_IsSigned(string method)
    {
        // The client escapes these in what it signs and not in what it sends.
        string query = Encoded(s_operation);
        string wire = query.Replace("%2A%28%29%27%21", "*()'!", StringComparison.Ordinal);
        Assert.NotEqual(query, wire);
        await AssertAcs3(Acs3(method, query, wire, []));
    }

    [Fact]
    public async Task Read_Acs3InBody_IsSigned() =>
        await AssertAcs3(Acs3("POST", "", "", Encoding.ASCII.GetBytes(Encoded(s_operation))));

    [Fact]
    public async Task Read_Acs3OnePieceInBody_IsOutsideTheCanonicalQuery()
    {
        string query = Encoded(s_operation[..1]);
        await AssertAcs3(Acs3("POST", query, query, Encoding.ASCII.GetBytes(Encoded(s_operation[1..]))));
    }

    private static async Task AssertRpc(HttpContext context)
    {
        using Received received = await Calls.Read(context);
        Assert.False(received.Refused(out _, out AliyunRequest? request));
        Assert.Equal("3ee8c1b883d344afa94f4e0ad82fd6cf", request.Nonce);
        Assert.Equal(new DateTimeOffset(2016, 3, 28, 3, 13, 8, TimeSpan.Zero), request.Timestamp);
        AssertCommon(received, request);
    }

    private static async Task AssertAcs3(HttpContext context)
    {
        using Received received = await Calls.Read(context);
        Assert.False(received.Refused(out _, out AliyunRequest? request));
        Assert.Equal("d410180a5abf7fe235dd9b74aca91fc0", request.Nonce);
        Assert.Equal(new DateTimeOffset(2023, 10, 26, 9, 1, 1, TimeSpan.Zero), request.Timestamp);
        AssertCommon(received, request);
    }

    private static void AssertCommon(Received received, AliyunRequest request)
    {
        Assert.Equal(AliyunFormat.Json, received.Format);
        Assert.Equal(Calls.RequestId, received.RequestId);
        Assert.Equal("kms.cn-hangzhou.aliyuncs.com", received.HostId);
        Assert.Equal("CreateKey", request.Action);
        Assert.Equal("testid", request.AccessKeyId);
        Assert.Equal(Description, request["Description"]);
        Assert.Equal("EXTERNAL", request["Origin"]);
        Assert.True(request.IsSignedWith(Calls.Secret));
        Assert.False(request.IsSignedWith("another"u8));
    }

    private static DefaultHttpContext Form(byte[] body) =>
        Calls.Context("POST", body: body, contentType: Calls.FormType);

    private static byte[] FormBody(string method, (string Name, string Value)[] parameters) =>
        Encoding.ASCII.GetBytes(SignedQuery(method, parameters).Replace("%20", "+"));

    private static string SignedQuery(string method, (string Name, string Value)[] parameters) =>
        $"{Encoded(parameters)}&Signature={Calls.Encode(Sign(method, parameters))}";

    private static string Encoded(IEnumerable<(string Name, string Value)> parameters) =>
        string.Join('&', parameters.Select(p => $"{Calls.Encode(p.Name)}={Calls.Encode(p.Value)}"));

    private static string Sign(string method, (string Name, string Value)[] parameters)
    {
        string canonical = Encoded(parameters.OrderBy(p => p.Name, StringComparer.Ordinal));
        byte[] text = Encoding.UTF8.GetBytes($"{method}&%2F&{Calls.Encode(canonical)}");
#pragma warning disable CA5350 // the scheme's own algorithm
        return Convert.ToBase64String(HMACSHA1.HashData("testsecret&"u8, text));
#pragma warning restore CA5350
    }

    private static DefaultHttpContext Acs3(string method, string query, string wireQuery, byte[] body)
    {
        DefaultHttpContext context = Calls.Context(
            method, wireQuery, body, body.Length > 0 ? Calls.FormType : null, isChunked: body.Length > 0);
        IHeaderDictionary headers = context.Request.Headers;
        string hash = Convert.ToHexStringLower(SHA256.HashData(body));
        headers["x-acs-action"] = "CreateKey";
        headers["x-acs-version"] = "2016-01-20";
        headers["x-acs-date"] = "2023-10-26T09:01:01Z";
        headers["x-acs-signature-nonce"] = "d410180a5abf7fe235dd9b74aca91fc0";
        headers["x-acs-content-sha256"] = hash;

        string[] names = [.. headers.Keys.Select(k => k.ToLowerInvariant())
            .Where(k => k is "host" or "content-type" || k.StartsWith("x-acs-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        string canonical = $"{method}\n/\n{query}\n"
            + string.Concat(names.Select(n => $"{n}:{headers[n]}\n"))
            + $"\n{string.Join(';', names)}\n{hash}";
        string requestHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        byte[] hmac = HMACSHA256.HashData(
            Calls.Secret, Encoding.ASCII.GetBytes($"ACS3-HMAC-SHA256\n{requestHash}"));
        headers.Authorization = $"ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={string.Join(';', names)},"
            + $"Signature={Convert.ToHexStringLower(hmac)}";
        return context;
    }
}
