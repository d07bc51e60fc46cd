using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Aliyun.Tests;

public class RequestReaderTests
{
    private static readonly AliyunError s_parse = AliyunErrors.ParseRequestParameterException;

    [Theory]
    [InlineData("Action")]
    [InlineData("Version")]
    [InlineData("AccessKeyId")]
    [InlineData("Signature")]
    [InlineData("SignatureMethod")]
    [InlineData("SignatureVersion")]
    public async Task Read_CommonMissingOrEmpty_NamesIt(string name)
    {
        Assert.Equal(AliyunErrors.MissingParameter(name), await ErrorOf(Without(name)));
        Assert.Equal(AliyunErrors.MissingParameter(name), await ErrorOf($"{Without(name)}&{name}="));
    }

    [Fact]
    public async Task Read_CommonMissing_FollowsTheOrder()
    {
        string[] order =
            ["Action", "Version", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"];
        string given = "KeyId=x";
        foreach (string name in order)
        {
            Assert.Equal(AliyunErrors.MissingParameter(name), await ErrorOf(given));
            given += $"&{name}=x";
        }

        Assert.Equal(AliyunErrors.IllegalTimestamp, await ErrorOf(given));
        Assert.Equal(AliyunErrors.InvalidParameter("Version"), await ErrorOf(given + "&Timestamp=x"));
    }

    [Theory]
    [InlineData("Version", "2016-01-21", "Version")]
    [InlineData("SignatureMethod", "HMAC-MD5", "SignatureMethod")]
    [InlineData("SignatureMethod", "hmac-sha1", "SignatureMethod")]
    [InlineData("SignatureVersion", "2.0", "SignatureVersion")]
    [InlineData("Format", "YAML", "Format")]
    [InlineData("Format", "", "Format")]
    public async Task Read_CommonInvalid_NamesIt(string name, string value, string named) =>
        Assert.Equal(AliyunErrors.InvalidParameter(named), await ErrorOf($"{Without(name)}&{name}={value}"));

    [Theory]
    [InlineData("AccessKeyId")]
    [InlineData("SignatureNonce")]
    public async Task Read_LongToken_IsRefusedBeyondTheBound(string name)
    {
        string longest = new('x', RequestReader.LongestToken);
        Assert.Null(await ErrorOf($"{Without(name)}&{name}={longest}"));
        AliyunError? beyond = await ErrorOf($"{Without(name)}&{name}={longest}x");
        Assert.Equal(AliyunErrors.InvalidParameter(name), beyond);
    }

    [Theory]
    [InlineData("2016-03-28T03:13:08Z", true)]
    [InlineData("2016-03-28T3:13:08Z", false)]
    [InlineData("2016-03-28 03:13:08", false)]
    [InlineData("2016-03-28T03:13:08.000Z", false)]
    [InlineData("2016-03-28T03:13:08+00:00", false)]
    [InlineData(" 2016-03-28T03:13:08Z", false)]
    [InlineData("2016-02-30T03:13:08Z", false)]
    [InlineData("2016-03-28T03:13:08z", false)]
    public async Task Read_Timestamp_HasOneForm(string timestamp, bool isGood)
    {
        AliyunError? error = await ErrorOf($"{Without("Timestamp")}&Timestamp={Calls.Encode(timestamp)}");
        Assert.Equal(isGood ? null : AliyunErrors.TimestampFormat, error);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("&Format=XML", false)]
    [InlineData("&Format=xml", false)]
    [InlineData("&Format=JSON", true)]
    [InlineData("&Format=json", true)]
    [InlineData("&Format=Json", true)]
    [InlineData("&Format=json&Format=json", true)]
    [InlineData("&Bad=%zz&Format=JSON", true)]
    [InlineData("&Format=%4aSON&Bad=%", true)]
    [InlineData("&Format=YAML", false)]
    public async Task Read_AnyRequest_KnowsItsFormat(string more, bool isJson)
    {
        AliyunFormat format = isJson ? AliyunFormat.Json : AliyunFormat.Xml;
        using Received whole = await Calls.ReadQuery(Calls.Common + more);
        Assert.Equal(format, whole.Format);
        using Received broken = await Calls.ReadQuery(more.TrimStart('&'));
        Assert.NotNull(broken.Error);
        Assert.Equal(format, broken.Format);
    }

    [Fact]
    public async Task Read_FormatBehindTooManyParameters_IsStillSeen()
    {
        using Received received = await Calls.ReadQuery(string.Concat(Enumerable.Repeat("a=b&", 300)) + "Format=JSON");
        Assert.Equal((AliyunFormat.Json, s_parse), (received.Format, received.Error));
    }

    [Theory]
    [InlineData("XML")]
    [InlineData("xml")]
    [InlineData("JSON")]
    [InlineData("Json")]
    public async Task Read_FormatInAnyCase_IsAccepted(string format) =>
        Assert.Null(await ErrorOf($"{Calls.Common}&Format={format}"));

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("get")]
    public async Task Read_OtherMethod_IsUnsupported(string method)
    {
        using Received received = await Calls.Read(Calls.Context(method, Calls.Common + "&Format=JSON"));
        Assert.Equal(AliyunErrors.UnsupportedHttpMethod, received.Error);
        Assert.Equal(AliyunFormat.Json, received.Format);
    }

    [Theory]
    [InlineData("a+b", "a b")]
    [InlineData("a%20b", "a b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("*()'!~", "*()'!~")]
    [InlineData("a=b=", "a=b=")]
    [InlineData("密", "密")]
    [InlineData("%F0%9F%94%91", "🔑")]
    public async Task Read_Value_IsDecodedInQueryAndBody(string wire, string expected)
    {
        using Received query = await Calls.ReadQuery($"{Calls.Common}&V={wire}");
        Assert.Equal(expected, query.Request!["V"]);
        using Received body = await Calls.ReadForm($"{Calls.Common}&V={wire}");
        Assert.Equal(expected, body.Request!["V"]);
    }

    [Theory]
    [InlineData("V=%")]
    [InlineData("V=%4")]
    [InlineData("V=%GG")]
    [InlineData("%=V")]
    [InlineData("V=%C0%AF")] // an overlong '/'
    [InlineData("V=%E0%80%AF")]
    [InlineData("V=%E5%AF")] // cut short
    [InlineData("V=%ED%A0%80")] // a surrogate
    [InlineData("V=%F5%80%80%80")]
    [InlineData("%FF=V")]
    [InlineData("=V")]
    public async Task Read_Undecodable_IsRefusedInQueryAndBody(string piece)
    {
        Assert.Equal(s_parse, await ErrorOf($"{Calls.Common}&{piece}"));
        using Received body = await Calls.ReadForm($"{Calls.Common}&{piece}");
        Assert.Equal(s_parse, body.Error);
    }

    [Fact]
    public async Task Read_RawInvalidUtf8InBody_IsRefused()
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(Calls.Common), .. "&V="u8, 0xE5, 0xAF];
        using Received received = await Calls.Read(
            Calls.Context("POST", body: body, contentType: Calls.FormType));
        Assert.Equal(s_parse, received.Error);
    }

    [Theory]
    [InlineData(Calls.Common + "&KeyId=1&KeyId=1", "")]
    [InlineData(Calls.Common, "KeyId=1&Other=2&KeyId=1")]
    [InlineData(Calls.Common + "&KeyId=1", "KeyId=1")]
    [InlineData(Calls.Common + "&KeyId=1", "Key%49d=2")]
    public async Task Read_NameTwice_IsRefusedByName(string query, string body)
    {
        using Received received = await Calls.Read(
            Calls.Context("POST", query, Encoding.ASCII.GetBytes(body), Calls.FormType));
        Assert.Equal(AliyunErrors.InvalidParameter("KeyId"), received.Error);
    }

    [Theory]
    [InlineData("application/json", "{}", false)]
    [InlineData("multipart/form-data; boundary=x", "--x--", false)]
    [InlineData("application/x-www-form-urlencodedX", "a=b", false)]
    [InlineData("application/json", "", true)]
    [InlineData("APPLICATION/X-WWW-Form-Urlencoded ; charset=utf-8", "a=b", true)]
    public async Task Read_ContentType_HasToBeAForm(string type, string body, bool isGood)
    {
        using Received received = await Calls.Read(
            Calls.Context("POST", Calls.Common, Encoding.ASCII.GetBytes(body), type));
        Assert.Equal(isGood ? null : s_parse, received.Error);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task Read_GetWithOtherBody_IgnoresIt(string? type)
    {
        using Received received = await Calls.Read(
            Calls.Context("GET", Calls.Common, "Action=x"u8.ToArray(), type));
        Assert.Equal("DescribeKey", received.Request!.Action);
    }

    [Fact]
    public async Task Read_LongContentLength_IsRefusedUnread()
    {
        HttpContext context = Calls.Context(
            "POST", Calls.Common + "&Format=JSON", new byte[10 * 1024 * 1024], Calls.FormType);
        using Received received = await Calls.Read(context);
        Assert.Equal(s_parse, received.Error);
        Assert.Equal(AliyunFormat.Json, received.Format);
        Assert.Equal(0, context.Request.Body.Position);
        Assert.Equal("close", context.Response.Headers.Connection);
    }

    [Theory]
    [InlineData(RequestReader.MostBodyBytes, true)]
    [InlineData(RequestReader.MostBodyBytes + 1, false)]
    [InlineData(RequestReader.MostBodyBytes * 40, false)]
    public async Task Read_ChunkedBody_IsReadUpToTheBound(int length, bool isGood)
    {
        byte[] body = new byte[length];
        body.AsSpan().Fill((byte)'v');
        "V="u8.CopyTo(body);
        HttpContext context = Calls.Context("POST", Calls.Common, body, Calls.FormType, isChunked: true);
        using Received received = await Calls.Read(context);
        Assert.Equal(isGood ? null : s_parse, received.Error);
        Assert.Equal(isGood, context.Response.Headers.Connection.Count == 0);
        Assert.InRange(context.Request.Body.Position, 0, RequestReader.MostBodyBytes * 2);
        if (isGood) Assert.Equal(length - 2, received.Request!["V"]!.Length);
    }

    [Property]
    public void Read_RandomBytes_NeverThrows(byte[] body, NonNull<string> query)
    {
        using Received form = Calls.Read(
            Calls.Context("POST", body: body, contentType: Calls.FormType)).AsTask().GetAwaiter().GetResult();
        Assert.NotNull(form.Error);
        using Received other = Calls.ReadQuery(query.Get).AsTask().GetAwaiter().GetResult();
        Assert.NotNull(other.Error);
    }

    private static string Without(string name) => string.Join(
        '&', Calls.Common.Split('&').Where(p => !p.StartsWith(name + "=", StringComparison.Ordinal)));

    private static async Task<AliyunError?> ErrorOf(string query)
    {
        using Received received = await Calls.ReadQuery(query);
        return received.Error;
    }
}
