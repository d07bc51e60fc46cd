using System.Text;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Iam;

/// <summary>Tokens over sockets: what they say, what they are good for, and for how long.</summary>
public sealed class TokenTests(IamServer server) : IClassFixture<IamServer>
{
    private static int s_users;

    private string Account => server.Root.Account;

    [Fact]
    public async Task LogIn_ForTheProject_AnswersAsTheDocumentShows()
    {
        var answer = (await server.Iam.LogInAsync(Account, Account, IamServer.Password)).AssertStatus(201);
        var now = server.Clock.GetUtcNow();
        Assert.Equal(now.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"), answer["token.issued_at"]);
        Assert.Equal(now.AddHours(24).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"), answer["token.expires_at"]);
        Assert.Equal("""["password"]""", answer["token.methods"]);
        Assert.Equal(("[]", "[]"), (answer["token.catalog"], answer["token.roles"]));
        Assert.Equal((IamClient.ProjectId(Account), "cn-hangzhou"), (answer["token.project.id"], answer["token.project.name"]));
        foreach (var at in new[] { "token.project.domain", "token.user.domain" })
            Assert.Equal((Account, Account), (answer[$"{at}.id"], answer[$"{at}.name"]));
        Assert.Equal((Account, ""), (answer["token.user.name"], answer["token.user.password_expires_at"]));
        Assert.Matches("^[0-9a-f]{32}$", answer["token.user.id"]);
        Assert.Matches($"^{Account}\\.[A-Za-z0-9_-]{{43}}$", answer.SubjectToken);
        Assert.DoesNotContain(answer.SubjectToken, answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, await ListKeysAsync(answer.SubjectToken));
    }

    [Theory]
    [InlineData("""{"project":{"name":"cn-hangzhou"}}""", true)]
    [InlineData("""{"project":{"id":"PROJECT"}}""", true)]
    [InlineData("""{"project":{"id":"PROJECT","name":"cn-hangzhou","domain":{"name":"ACCOUNT"}}}""", true)]
    [InlineData("""{"domain":{"name":"ACCOUNT"}}""", false)]
    [InlineData("""{"domain":{"id":"ACCOUNT"}}""", false)]
    [InlineData(null, false)]
    public async Task LogIn_ByScope_GivesATokenOfThatScope(string? scope, bool isProject)
    {
        var said = scope?.Replace("PROJECT", IamClient.ProjectId(Account), StringComparison.Ordinal)
            .Replace("ACCOUNT", Account, StringComparison.Ordinal);
        var answer = await server.Iam.PostAsync(IamClient.Login(Account, Account, IamServer.Password, said));
        answer.AssertStatus(201);
        var token = answer.Json.GetProperty("token");
        Assert.Equal(isProject, token.TryGetProperty("project", out _));
        Assert.Equal(!isProject, token.TryGetProperty("domain", out _));
        Assert.Equal(isProject ? 200 : 403, await ListKeysAsync(answer.SubjectToken));
    }

    [Theory]
    [InlineData("""{"project":{"name":"cn-beijing"}}""")]
    [InlineData("""{"project":{"id":"0123456789abcdef0123456789abcdef"}}""")]
    [InlineData("""{"project":{"name":"cn-hangzhou","id":"0123456789abcdef0123456789abcdef"}}""")]
    [InlineData("""{"project":{"name":"cn-hangzhou","domain":{"name":"another"}}}""")]
    [InlineData("""{"domain":{"name":"another"}}""")]
    public async Task LogIn_ForAnothersScope_IsRefused(string scope) =>
        (await server.Iam.PostAsync(IamClient.Login(Account, Account, IamServer.Password, scope))).AssertError(401, "Unauthorized");

    [Fact]
    public async Task LogIn_OfWhoeverIsNotKnown_IsOneAnswer()
    {
        var wrong = await server.Iam.LogInAsync(Account, Account, IamServer.Password + "x");
        wrong.AssertError(401, "Unauthorized");
        Assert.Equal("The username or password is wrong.", wrong["error.message"]);
        foreach (var (account, user) in new[] { (Account, "unknown"), ("unknown", "unknown"), (Account, "用户"), ("3/..", "\u0001") })
            Assert.Equal(wrong.Text, (await server.Iam.LogInAsync(account, user, IamServer.Password)).Text);
        await server.RootTokenAsync();
    }

    [Fact]
    public async Task Token_OverARestart_IsGood_UntilTheInstantOfItsEnd()
    {
        var token = await server.RootTokenAsync();
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal(200, await ListKeysAsync(token));
        server.Clock.Shift(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Equal(200, await ListKeysAsync(token));
        server.Clock.Shift(TimeSpan.FromTicks(1));
        Assert.Equal(403, await ListKeysAsync(token));
        (await server.Iam.GetAsync("/v3/projects", ("X-Auth-Token", token))).AssertError(401, "Unauthorized");
        await server.RunRemindersAsync();
        Assert.Equal(403, await ListKeysAsync(token));
        server.Clock.Shift(TimeSpan.FromHours(1));
        await server.RunRemindersAsync();
        Assert.Equal(0L, server.Query("SELECT count(*) FROM grains WHERE kind = 8"));
    }

    [Fact]
    public async Task Token_Revoked_IsRefusedFromTheAnswerOn()
    {
        var (mine, other) = (await server.RootTokenAsync(), await server.RootTokenAsync());
        (await server.Iam.AboutTokenAsync("DELETE", mine, other)).AssertStatus(204);
        Assert.Equal((200, 403), (await ListKeysAsync(mine), await ListKeysAsync(other)));
        (await server.Iam.AboutTokenAsync("DELETE", mine, other)).AssertError(404, "Not Found");
        (await server.Iam.AboutTokenAsync("DELETE", other, mine)).AssertError(401, "Unauthorized");
        (await server.Iam.AboutTokenAsync("DELETE", mine, mine)).AssertStatus(204);
        Assert.Equal(403, await ListKeysAsync(mine));
    }

    [Fact]
    public async Task Token_Asked_IsDescribed_ToTheUserAndToTheAccount_AndToNobodyElse()
    {
        var (one, two) = (await UserAsync(), await UserAsync());
        var root = await server.RootTokenAsync();
        foreach (var by in new[] { one.Token, root })
        {
            var described = (await server.Iam.AboutTokenAsync("GET", by, one.Token)).AssertStatus(200);
            Assert.Equal((one.Name, one.Token), (described["token.user.name"], described.SubjectToken));
        }

        foreach (var method in new[] { "GET", "DELETE" })
        {
            (await server.Iam.AboutTokenAsync(method, two.Token, one.Token)).AssertError(403, "Forbidden");
            (await server.Iam.AboutTokenAsync(method, one.Token, root)).AssertError(403, "Forbidden");
            (await server.Iam.AboutTokenAsync(method, one.Token, one.Token + "x")).AssertError(404, "Not Found");
            (await server.Iam.GetAsync("/v3/auth/tokens", ("X-Auth-Token", one.Token))).AssertError(400, "Bad Request");
        }

        (await server.Iam.AboutTokenAsync("DELETE", root, one.Token)).AssertStatus(204);
        (await server.Iam.AboutTokenAsync("DELETE", two.Token, two.Token)).AssertStatus(204);
    }

    [Fact]
    public async Task Token_OfALimitedUser_IsGoodForWhatPoliciesAllow_AndEndsWithHim()
    {
        var user = await UserAsync();
        Assert.Equal(403, await ListKeysAsync(user.Token));
        var policy = new AttachedPolicy
        {
            Name = "lists",
            Statements = [new PolicyStatement { Effect = PolicyEffect.Allow, Actions = ["kms:cmk:list"] }],
        };
        await server.OperateAsync(Account, new SetUserPolicies(user.Name, [policy]));
        Assert.Equal(200, await ListKeysAsync(user.Token));
        Assert.Contains("KMS.0307", (await KmsAsync(user.Token, "gen-random", "{}")).Text, StringComparison.Ordinal);
        await server.OperateAsync(Account, new SetUserStatus(user.Name, false));
        Assert.Contains("KMS.0302", (await KmsAsync(user.Token, "list-keys", "{}")).Text, StringComparison.Ordinal);
    }

    private async Task<(string Name, string Token)> UserAsync()
    {
        var name = $"user {Interlocked.Increment(ref s_users)}";
        await server.OperateAsync(Account, new CreateUser(name) { Password = "the password"u8.ToArray() });
        return (name, (await server.Iam.LogInAsync(Account, name, "the password")).AssertStatus(201).SubjectToken);
    }

    private async Task<int> ListKeysAsync(string token, string? account = null) =>
        (await KmsAsync(token, "list-keys", "{}", account)).Status;

    private Task<IamAnswer> KmsAsync(string token, string call, string body, string? account = null) =>
        server.Iam.SendAsync(
            "POST",
            $"/v1.0/{IamClient.ProjectId(account ?? Account)}/kms/{call}",
            Encoding.UTF8.GetBytes(body),
            ("X-Auth-Token", token));
}
