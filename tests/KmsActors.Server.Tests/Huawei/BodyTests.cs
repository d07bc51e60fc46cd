using System.Text;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Bodies as a whole.</summary>
public sealed class BodyTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const int MostBytes = 128 * 1024;

    private Project Project => new(server.Root);

    public static IEnumerable<object[]> Posts =>
        Requests.All.Where(name => name.StartsWith('P')).Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Body_ThatIsNoObject_IsRefusedEverywhere(string endpoint)
    {
        var good = await Requests.OfAsync(endpoint, Project, await Project.KeyAsync());
        foreach (var body in new[]
        {
            "nonsense", "[]", "\"a\"", "5", "null", "{", "{}}", "{} {}", "{\"a\":1,}", "{'a':1}", "{a:1}",
            "// a\n{}", "{\"key_id\":\"a\",\"key_id\":\"a\"}", "{\"a\":{\"b\":1,\"b\":1}}",
            """{"a":"\ud800"}""", """{"\udc00":1}""",
            "{\"a\":\"\n\"}", "{\"a\":01}", "{\"a\":NaN}", "\ufeff{}", " ", Nested(9),
        })
            await Project.RefusedAsync("KMS.0202", good with { Body = body });
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Body_Empty_HasNoFields(string endpoint)
    {
        var good = await Requests.OfAsync(endpoint, Project, await Project.KeyAsync());
        foreach (var body in new[] { "", "{}", null })
        {
            var answer = await Project.SendAsync(good with { Body = body });
            if (endpoint == "POST list-keys") answer.AssertOk();
            else answer.AssertRefused("KMS.0204");
        }
    }

    [Fact]
    public async Task Body_NestedToTheDeepest_IsRead()
    {
        (await Project.SendAsync(new Ask("POST", "list-keys", Nested(8)))).AssertOk();
        (await Project.SendAsync(new Ask("POST", "list-keys", " \r\n\t{} "))).AssertOk();
    }

    [Fact]
    public async Task Body_ThatIsNotUtf8_IsRefused()
    {
        foreach (var bytes in new byte[][] { [0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80] })
        {
            byte[] body = [.. "{\"a\":\""u8, .. bytes, .. "\"}"u8];
            (await Project.Client.SendAsync(Project.Client.Prove("POST", "list-keys", body))).AssertRefused("KMS.0202");
        }
    }

    [Theory]
    [InlineData(MostBytes, false, "")]
    [InlineData(MostBytes, true, "")]
    [InlineData(MostBytes + 1, false, "KMS.0203")]
    [InlineData(MostBytes + 1, true, "KMS.0203")]
    [InlineData(10 * 1024 * 1024, false, "KMS.0203")]
    [InlineData(10 * 1024 * 1024, true, "KMS.0203")]
    public async Task Body_UpToTheLongest_IsRead(int length, bool isChunked, string code)
    {
        const string frame = "{\"filler\":\"\"}";
        var body = frame.Insert(frame.Length - 2, new string('a', length - frame.Length));
        var proven = Project.Client.Prove(new Ask("POST", "list-keys", body));
        var answer = await RawHttp.ExchangeAsync(server.Address, async stream =>
        {
            if (!isChunked)
            {
                await stream.WriteAsync(proven.ToBytes());
                return;
            }

            var head = proven with { Body = null, Headers = [.. proven.Headers, ("transfer-encoding", "chunked")] };
            await stream.WriteAsync(head.ToBytes());
            foreach (var chunk in proven.Body!.Chunk(50_000))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
                await stream.WriteAsync((byte[])[.. chunk, .. "\r\n"u8]);
            }

            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        });
        if (code == "") HuaweiAnswer.Of(answer).AssertOk();
        else HuaweiAnswer.Of(answer).AssertRefused(code);
    }

    // What a client sends with a GET or a DELETE is signed, and asks for nothing.
    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("{\"sequence\":\"bad\",\"limit\":\"bad\"}")]
    [InlineData(null)]
    public async Task Body_OfAGetOrADelete_IsPassedOver(string? body)
    {
        var keyId = await Project.KeyAsync();
        foreach (var endpoint in Requests.All.Where(e => !e.StartsWith("POST", StringComparison.Ordinal)))
        {
            var ask = await Requests.OfAsync(endpoint, Project, keyId);
            var answer = await Project.SendAsync(ask with { Body = body });
            answer.AssertOk(answer.Status == 204 ? 204 : 200);
        }
    }

    [Fact]
    public async Task ContentType_Whatever_IsNotLookedAt()
    {
        foreach (var type in new[] { "application/json;charset=UTF-8", "text/plain", "multipart/form-data" })
        {
            var client = Project.Client with { Headers = [("content-type", type)] };
            (await client.SendAsync(Ask.Post("list-keys", new { }))).AssertOk();
        }
    }

    private static string Nested(int depth) =>
        $"{{\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";
}
