using System.Text;

namespace KmsActors.Server.Tests.Iam;

/// <summary>Whatever a client sends, IAM answers in its own shape, and never with its own failure.</summary>
public sealed class BadRequestTests(IamServer server) : IClassFixture<IamServer>
{
    private const string User = """{"name":"a","password":"b","domain":{"name":"1"}}""";

    public static TheoryData<string> Bodies() => new(
        "", " ", "{", "[]", "null", "\"auth\"", "1", "{}", "\0",
        """{"auth":null}""", """{"auth":1}""", """{"auth":[]}""", """{"auth":{}}""",
        """{"auth":{"identity":null}}""", """{"auth":{"identity":{}}}""",
        """{"auth":{},"auth":{}}""",
        Identity("""{"methods":["password"]}"""),
        Identity("""{"password":{"user":""" + User + "}}"),
        Identity("""{"methods":"password","password":{"user":""" + User + "}}"),
        Identity("""{"methods":[],"password":{"user":""" + User + "}}"),
        Identity("""{"methods":[1],"password":{"user":""" + User + "}}"),
        Identity("""{"methods":["token"],"password":{"user":""" + User + "}}"),
        Identity("""{"methods":["password","totp"],"password":{"user":""" + User + "}}"),
        Identity("""{"methods":["password"],"password":{}}"""),
        Identity("""{"methods":["password"],"password":[]}"""),
        OfUser("null"), OfUser("{}"), OfUser("[]"), OfUser("\"a\""),
        OfUser("""{"password":"b","domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":"b"}"""),
        OfUser("""{"name":"","password":"b","domain":{"name":"1"}}"""),
        OfUser("""{"name":1,"password":"b","domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":1,"domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":null,"domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":{},"domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":"b","domain":"1"}"""),
        OfUser("""{"name":"a","password":"b","domain":{}}"""),
        OfUser("""{"name":"a","password":"b","domain":{"name":1}}"""),
        OfUser("""{"name":"a","password":"b","domain":{"name":"1","id":"2"}}"""),
        OfUser("""{"name":"\ud800","password":"b","domain":{"name":"1"}}"""),
        OfUser("""{"name":"a","password":"\udc00","domain":{"name":"1"}}"""),
        OfUser($$$"""{"name":"{{{new string('a', 129)}}}","password":"b","domain":{"name":"1"}}"""),
        OfUser($$$"""{"name":"a","password":"{{{new string('b', 1025)}}}","domain":{"name":"1"}}"""),
        OfUser($$$"""{"name":"a","password":"b","domain":{"name":"{{{new string('1', 129)}}}"}}"""),
        Scoped("1"), Scoped("{}"), Scoped("[]"), Scoped("\"project\""),
        Scoped("""{"project":{}}"""), Scoped("""{"project":{"name":1}}"""), Scoped("""{"project":{"id":""}}"""),
        Scoped("""{"project":[]}"""), Scoped("""{"domain":{}}"""), Scoped("""{"domain":{"id":"1","name":"2"}}"""),
        Scoped("""{"project":{"name":"cn-hangzhou"},"domain":{"name":"1"}}"""),
        Scoped("""{"project":{"name":"cn-hangzhou","domain":{}}}"""),
        """{"auth":{"identity":{"methods":["password"],"password":{"user":{"a":{"b":{"c":{"d":1}}}}}}}}""",
        Login(User, "") + "x",
        "\ufeff" + Login(User, ""),
        "{\"sequence\":1," + Login(User, "")[1..]);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task LogIn_WithABadBody_Is400(string body) =>
        (await server.Iam.PostAsync(body)).AssertError(400, "Bad Request");

    [Fact]
    public async Task LogIn_WithOtherBytesThanUtf8_Is400()
    {
        var body = Encoding.UTF8.GetBytes(Login(User, ""));
        body[Array.IndexOf(body, (byte)'b')] = 0xFF;
        (await server.Iam.SendAsync("POST", "/v3/auth/tokens", body)).AssertError(400, "Bad Request");
    }

    [Fact]
    public async Task LogIn_WithATooLongBody_Is400()
    {
        var body = Encoding.UTF8.GetBytes(Login(User, new string(' ', 128 * 1024)));
        (await server.Iam.SendAsync("POST", "/v3/auth/tokens", body)).AssertError(400, "Bad Request");
    }

    [Fact]
    public async Task LogIn_WithMoreFieldsThanWeRead_IsServed() =>
        (await server.Iam.PostAsync(Login("""{"name":"a","password":"b","id":null,"domain":{"name":"1","x":1}}""", "")))
            .AssertError(401, "Unauthorized");

    [Theory]
    [InlineData("GET", "/v3")]
    [InlineData("GET", "/v3/")]
    [InlineData("GET", "/v3/users")]
    [InlineData("GET", "/v3/auth")]
    [InlineData("PUT", "/v3/auth/tokens")]
    [InlineData("POST", "/v3/projects")]
    [InlineData("POST", "/v3/auth/tokens/more")]
    [InlineData("GET", "/v3/PROJECTS")]
    [InlineData("DELETE", "/v3/regions")]
    public async Task Path_OfNoCall_Is404(string method, string path) =>
        (await server.Iam.SendAsync(method, path, null)).AssertError(404, "Not Found");

    [Theory]
    [InlineData("/v3/projects?name=%ff")]
    [InlineData("/v3/projects?name=%4")]
    [InlineData("/v3/%zz")]
    public async Task Path_ThatCannotBeDecoded_Is400(string target)
    {
        var answer = await RawHttp.ExchangeAsync(
            server.Address, $"GET {target} HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n");
        Assert.Equal(400, answer.Status);
    }

    private static string Identity(string identity) => "{\"auth\":{\"identity\":" + identity + "}}";

    private static string OfUser(string user) =>
        Identity($$$"""{"methods":["password"],"password":{"user":{{{user}}} } }""");

    private static string Scoped(string scope) => Login(User, $",\"scope\":{scope}");

    private static string Login(string user, string more) =>
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":" + user + "}}" + more + "}}";
}
