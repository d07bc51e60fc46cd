using System.Net;
using System.Text;

namespace KmsActors.Server.Tests;

/// <summary>What no client of the vendor sends. Whatever comes, the answer is an error and the server lives.</summary>
public sealed class HostileBytesTests(TestServer server) : IClassFixture<TestServer>, IAsyncLifetime
{
    private const int TenMegabytes = 10 * 1024 * 1024;
    private const string FormHeaders = $"Content-Type: {AliyunClient.FormType}\r\n";

    private readonly long _before = server.Commits();

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>After each test: nothing has changed and the next caller is served.</summary>
    public async Task DisposeAsync()
    {
        Assert.Equal(_before, server.Commits());
        await server.Root.OkAsync("DescribeRegions");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Body_OfTenMegabytesWithItsLength_IsRefusedUnread(string method)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, async stream =>
        {
            var body = LargeBody();
            await stream.WriteAsync(Head(method, $"{FormHeaders}Content-Length: {body.Length}\r\n"));
            await stream.WriteAsync(body);
        });
        answer.Parsed.AssertRefused("ParseRequestParameterException");
    }

    [Fact]
    public async Task Body_OfTenMegabytesInChunks_IsRefused()
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, stream => WriteInChunksAsync(stream, LargeBody()));
        answer.Parsed.AssertRefused("ParseRequestParameterException");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_UpToAQuarterOfAMegabyte_IsRead(bool isTooLong)
    {
        var call = server.Root.Client.Sign("DescribeRegions", ("More", ""));
        var filler = (256 * 1024) - call.Body!.Length + (isTooLong ? 1 : 0);
        var body = call.Body.Replace("More=", "More=" + new string('a', filler), StringComparison.Ordinal);
        // Only of a body that was read can it be said that its signature is wrong.
        var code = isTooLong ? "ParseRequestParameterException" : "IncompleteSignature";
        (await server.Root.Client.SendAsync(call with { Body = body })).AssertRefused(code);
        var answer = await RawHttp.ExchangeAsync(
            server.Address, stream => WriteInChunksAsync(stream, Encoding.ASCII.GetBytes(body)));
        answer.Parsed.AssertRefused(code);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\r\nabcdefgh\r\n")]
    [InlineData("ffffffffffffffffff\r\n")]
    public async Task Body_InBrokenChunks_IsRefused(string chunks)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, async stream =>
        {
            await stream.WriteAsync(Head("POST", $"{FormHeaders}Transfer-Encoding: chunked\r\n"));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(chunks));
        });
        Assert.InRange(answer.Status, 400, 499);
    }

    [Fact]
    public async Task Body_ThatIsNoForm_IsRefused()
    {
        var call = server.Root.Client.Sign("CreateKey");
        foreach (var type in new[] { "application/json", "multipart/form-data; boundary=a", "text/plain" })
        {
            var answer = await server.Root.Client.SendAsync(call with { Headers = [("Content-Type", type)] });
            answer.AssertRefused("ParseRequestParameterException");
        }
    }

    [Theory]
    [InlineData(2000, 10)]
    [InlineData(1, 1_000_000)]
    [InlineData(90, 400)]
    [InlineData(10_000, 1000)]
    public async Task Headers_TooManyOrTooLarge_AreRefused(int count, int size)
    {
        var line = $": {new string('b', size)}\r\n";
        var answer = await RawHttp.ExchangeAsync(server.Address, async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {server.Address.Authority}\r\n"));
            for (var i = 0; i < count; i++) await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}{line}"));
            await stream.WriteAsync("\r\n"u8.ToArray());
        });
        Assert.InRange(answer.Status, 400, 499);
    }

    [Fact]
    public async Task RequestLine_TooLong_IsRefused()
    {
        var answer = await RawHttp.ExchangeAsync(
            server.Address, $"GET /?a={new string('b', 200_000)} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(414, answer.Status);
    }

    [Theory]
    [InlineData("Description=%FF")]
    [InlineData("Description=%C3%28")]
    [InlineData("Description=%E0%80%80")]
    [InlineData("Description=%ED%A0%80")]
    [InlineData("Description=%F4%90%80%80")]
    [InlineData("%FF=a")]
    [InlineData("EncryptionContext.%C0%80=a")]
    [InlineData("Tags=%5B%22%FF%22%5D")]
    [InlineData("RotationInterval=7%ED%A0%80")]
    [InlineData("Description=%")]
    [InlineData("Description=%4")]
    [InlineData("Description=%zz")]
    [InlineData("%=a")]
    [InlineData("=a")]
    public async Task Text_NotUtf8OrNotDecodable_IsRefused(string piece)
    {
        foreach (var form in WireForm.All.Values)
        {
            var client = server.Root.Client with { Form = form };
            var call = client.Sign("CreateKey", ("Origin", "EXTERNAL"));
            var spoiled = call.Body is null
                ? call with { Query = $"{call.Query}&{piece}" }
                : call with { Body = $"{call.Body}&{piece}" };
            (await client.SendAsync(spoiled)).AssertRefused("ParseRequestParameterException");
        }
    }

    [Fact]
    public async Task Body_WithRawBytesThatAreNotUtf8_IsRefused()
    {
        var call = server.Root.Client.Sign("CreateKey");
        var text = (call with { Body = $"{call.Body}&a=??" }).ToText(server.Address);
        var answer = await RawHttp.ExchangeAsync(
            server.Address, text.Replace("??", "\u00ff\u00fe", StringComparison.Ordinal));
        answer.Parsed.AssertRefused("ParseRequestParameterException");
    }

    [Fact]
    public async Task Parameters_MoreThanTheMost_AreRefused()
    {
        var many = Enumerable.Range(0, 300).Select(i => ($"EncryptionContext.{i}", "v")).ToArray();
        (await server.Root.CallAsync("CreateKey", many)).AssertRefused("ParseRequestParameterException");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("FOO")]
    [InlineData("get")]
    public async Task Method_OfAnotherName_IsUnsupported(string method)
    {
        foreach (var form in WireForm.All.Values)
        {
            var client = server.Root.Client with { Form = form };
            var call = client.Sign("CreateKey");
            var text = (call with { Method = method }).ToText(server.Address);
            var answer = await RawHttp.ExchangeAsync(server.Address, text);
            answer.Parsed.AssertRefused("UnsupportedHTTPMethod");
        }
    }

    [Fact]
    public async Task Method_Head_IsUnsupportedWithoutABody()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, server.Address);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/kms")]
    [InlineData("/index.html")]
    [InlineData("/..%2f")]
    [InlineData("/health")]
    public async Task Path_Unknown_Is404(string path)
    {
        var call = server.Root.Client.Sign("CreateKey") with { Path = path };
        Assert.Equal(404, (await RawHttp.ExchangeAsync(server.Address, call.ToText(server.Address))).Status);
    }

    [Theory]
    [InlineData("GET\r\n\r\n")]
    [InlineData("HELO\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /?a=\u00ff HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task Request_ThatIsNoHttp_IsRefused(string request)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, request + "\r\n\r\n");
        Assert.InRange(answer.Status, 400, 499);
    }

    // Nothing but its length is wrong with it: a server that read it all would carry it out.
    private byte[] LargeBody() => Encoding.ASCII.GetBytes(
        server.Root.Client.Sign("CreateKey", ("More", new string('a', TenMegabytes))).Body!);

    private async Task WriteInChunksAsync(Stream stream, byte[] body)
    {
        await stream.WriteAsync(Head("POST", $"{FormHeaders}Transfer-Encoding: chunked\r\n"));
        foreach (var chunk in body.Chunk(65536))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            await stream.WriteAsync(chunk);
            await stream.WriteAsync("\r\n"u8.ToArray());
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    private byte[] Head(string method, string headers) => Encoding.ASCII.GetBytes(
        $"{method} / HTTP/1.1\r\nHost: {server.Address.Authority}\r\n{headers}\r\n");
}
