using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>What no client of the vendor sends. Whatever comes is answered, and the next caller is served.</summary>
public sealed class HostileTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] s_values =
    [
        "", "\0", "\u202e", new string('A', 70_000), "😀", "../../etc", "%s%n", "' OR 1=1 --", "-", "-1", "1e999",
        "99999999999999999999", "null", "[]", "{}", "@", "@/etc/passwd", "&=&", "\ud800",
    ];

    public static IEnumerable<object[]> Actions => Requests.All.Select(action => new object[] { action });

    private Customer Customer => new(server.Root);

    /// <summary>Every parameter of every action in turn, with whatever does not belong there, rightly signed.</summary>
    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Parameter_WithAnythingInIt_IsAnswered(string action)
    {
        string[] more =
        [
            "offset", "limit", "keyId.0", "encryptionContext", "keySpec", "numberOfBytes", "type", "keyUsage",
            "description", "Version", "Token", "_", "", "密",
        ];
        var keyId = await Customer.KeyAsync();
        var good = Requests.Of(action, keyId, await Customer.EncryptAsync(keyId));
        foreach (var name in good.Select(p => p.Name).Concat(more))
        {
            foreach (var value in s_values)
                await Customer.CallAsync(action, Requests.With(good, name, value));
        }
    }

    /// <summary>Bytes of the whole request changed after it was signed; the server may answer by itself.</summary>
    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Request_WithChangedBytes_IsAnswered(string action)
    {
        var random = new System.Random(5);
        var keyId = await Customer.KeyAsync();
        for (var round = 0; round < 20; round++)
        {
            var call = Customer.Client.Sign(action, Requests.Of(action, keyId, "AAAA"));
            var bytes = Encoding.UTF8.GetBytes(call.ToText(server.Address));
            // What announces a longer body than there is would only be waited for.
            var (from, to) = round % 2 == 0
                ? (0, bytes.AsSpan().IndexOf("Content-Length"u8))
                : (bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4, bytes.Length);
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(from, to)] = (byte)random.Next(256);
            await AnsweredAsync(bytes);
        }
    }

    [Property(MaxTest = 60)]
    public void Form_OfAnyBytes_IsAnswered(byte[] bytes)
    {
        var head = $"POST /v2/index.php HTTP/1.1\r\nHost: a\r\nContent-Length: {bytes.Length}\r\n\r\n";
        AnsweredAsync([.. Encoding.ASCII.GetBytes(head), .. bytes]).GetAwaiter().GetResult();
    }

    [Theory]
    [InlineData("text/xml")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=a")]
    public async Task Body_OfAnotherType_CannotBeParsed(string type)
    {
        var call = Customer.Client.Sign("ListKey");
        (await Customer.Client.SendAsync(call with { Headers = [("Content-Type", type)] })).AssertRefused("4000/10420");
    }

    // As the vendor's client in Python sends it.
    [Fact]
    public async Task Body_WithoutAType_IsAForm()
    {
        var call = Customer.Client.Sign("ListKey");
        (await Customer.Client.SendAsync(call with { Headers = [] })).AssertOk();
        var spaces = Customer.Client.Sign("CreateKey", ("alias", Customer.NewAlias()), ("description", "a b"));
        var body = spaces.Body!.Replace("%20", "+", StringComparison.Ordinal);
        var made = (await Customer.Client.SendAsync(spaces with { Body = body })).AssertOk();
        Assert.Equal("a b", made["keyMetadata.description"]);
    }

    [Theory]
    [InlineData(128 * 1024, "4100/10030")]
    [InlineData((128 * 1024) + 1, "4000/10420")]
    [InlineData(10 * 1024 * 1024, "4000/10420")]
    public async Task Body_UpTo128KiB_IsRead(int length, string code)
    {
        var call = Customer.Client.Sign("ListKey", ("more", ""));
        var filler = new string('a', length - call.Body!.Length);
        var body = call.Body.Replace("more=", $"more={filler}", StringComparison.Ordinal);
        var raw = await RawHttp.ExchangeAsync(server.Address, (call with { Body = body }).ToText(server.Address));
        TencentAnswer.Of(raw.Status, raw.Headers["content-type"], raw.Body).AssertRefused(code);
    }

    [Theory]
    [InlineData(256 - 7, "0")]
    [InlineData(256 - 6, "4000/10420")]
    public async Task Parameters_UpTo256_AreRead(int more, string code)
    {
        Args many = [.. Enumerable.Range(0, more).Select(i => ($"n{i}", ""))];
        Assert.Equal(code, (await Customer.CallAsync("ListKey", [.. many, ("SignatureMethod", "HmacSHA1")])).Code);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("FOO")]
    public async Task Method_OfAnotherName_IsUnexpected(string method)
    {
        var call = Customer.Client.Sign("ListKey") with { Method = method };
        (await Customer.Client.SendAsync(call)).AssertRefused("4000/10410");
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2/index.php/x")]
    [InlineData("/v2/index.html")]
    public async Task Path_Unknown_Is404(string path)
    {
        var call = Customer.Client.Sign("ListKey") with { Path = path };
        Assert.Equal(404, (await RawHttp.ExchangeAsync(server.Address, call.ToText(server.Address))).Status);
    }

    private async Task AnsweredAsync(byte[] bytes)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, stream => stream.WriteAsync(bytes).AsTask());
        // 505 is the server's word for a version of HTTP that there is not.
        if (answer.Status != 505) Assert.InRange(answer.Status, 200, 499);
    }
}
