using System.Text;
using System.Text.Json.Nodes;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>What no client of the vendor sends. Whatever comes is answered, and the next caller is served.</summary>
public sealed class HostileTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const int Rounds = 12;

    private static readonly string[] s_values =
    [
        "=null", "=true", "=[]", "={}", "=[[[]]]", "=-1", "=1e999", "=0.1", "=99999999999999999999", "", "\0", "\u202e",
        "A*70000", "😀", "../../etc", "%s%n", "' OR 1=1 --", "-",
    ];

    public static IEnumerable<object[]> Endpoints => Requests.All.Select(name => new object[] { name });

    private Project Project => new(server.Root);

    /// <summary>Every field of every call in turn, with whatever does not belong there, rightly signed.</summary>
    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Field_WithAnythingInIt_IsAnswered(string endpoint)
    {
        var keyId = await Project.KeyAsync();
        var good = await Requests.OfAsync(endpoint, Project, keyId);
        if (good.Method != "POST") return;
        foreach (var field in FieldsOf(good.Body!))
        {
            foreach (var value in s_values)
                await Project.SendAsync(good with { Body = HuaweiJson.With(good.Body!, field, value) });
        }
    }

    /// <summary>Bytes of the body changed and then signed.</summary>
    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Body_WithChangedBytes_IsAnswered(string endpoint)
    {
        var random = new Random(4);
        var keyId = await Project.KeyAsync();
        var good = await Requests.OfAsync(endpoint, Project, keyId);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Encoding.UTF8.GetBytes(good.Body ?? "");
            Spoil(body, random);
            var cut = body[..random.Next(body.Length + 1)];
            await Project.Client.SendAsync(Project.Client.Prove(good.Method, good.Path, cut));
        }
    }

    /// <summary>Bytes of the whole request changed after it was signed; the server may answer by itself.</summary>
    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Request_WithChangedBytes_IsAnswered(string endpoint)
    {
        var random = new Random(5);
        var keyId = await Project.KeyAsync();
        var proven = Project.Client.Prove(await Requests.OfAsync(endpoint, Project, keyId));
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = proven.ToBytes();
            // What announces a longer body than there is would only be waited for.
            Spoil(bytes.AsSpan(0, bytes.AsSpan().IndexOf("host:"u8)), random);
            await AnsweredAsync(bytes);
        }
    }

    [Fact]
    public async Task Connection_WithRandomBytes_IsAnswered()
    {
        var random = new Random(6);
        for (var round = 0; round < 4 * Rounds; round++)
        {
            var bytes = new byte[random.Next(1, 600)];
            random.NextBytes(bytes);
            await AnsweredAsync([.. bytes, .. "\r\n\r\n\r\n\r\n"u8]);
            await AnsweredAsync([.. "POST /v1.0/p/kms/list-keys HTTP/1.1\r\nhost: a\r\n"u8, .. bytes, .. "\r\n\r\n"u8]);
        }

        await Project.OkAsync("list-keys", new { });
    }

    [Theory]
    [InlineData("/v1.0/../v1.0/p/kms/list-keys")]
    [InlineData("/v1.0/p/kms/%2e%2e/%2e%2e/x")]
    [InlineData("/v1.0/p/kms/list-keys?a=%zz")]
    [InlineData("/v1.0/p/kms/list-keys?a=%ff")]
    [InlineData("/v1.0/p/kms/%c0%80")]
    [InlineData("/v1.0/p/kms/%")]
    [InlineData("/v1.0/%00/kms/list-keys")]
    [InlineData("//v1.0/p/kms/list-keys")]
    [InlineData("http://other/v1.0/p/kms/list-keys")]
    [InlineData("*")]
    public async Task Target_Crooked_IsAnswered(string target) => await AnsweredAsync(
        Encoding.ASCII.GetBytes($"POST {target} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"));

    [Fact]
    public async Task Query_OfTooManyParameters_IsRefused()
    {
        var query = string.Join('&', Enumerable.Range(0, 65).Select(i => $"a{i:D2}={i}"));
        (await Project.SendAsync(Ask.Get($"tags?{query}"))).AssertRefused("KMS.0201");
        (await Project.SendAsync(Ask.Get($"tags?{query[..query.LastIndexOf('&')]}"))).AssertOk();
    }

    private static void Spoil(Span<byte> bytes, Random random)
    {
        for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
    }

    private static IEnumerable<string> FieldsOf(string body) =>
        JsonNode.Parse(body)!.AsObject().Select(field => field.Key).ToArray();

    private async Task AnsweredAsync(byte[] bytes)
    {
        var answer = await RawHttp.ExchangeAsync(server.Address, stream => stream.WriteAsync(bytes).AsTask());
        // 505 is the server's word for a version of HTTP that there is not.
        if (answer.Status != 505) Assert.InRange(answer.Status, 200, 499);
    }
}
