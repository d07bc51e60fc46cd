using KmsActors.Operations;

namespace KmsActors.Server.Tests.Iam;

/// <summary>What the vendor's SDK looks up, by token and by signature.</summary>
public sealed class LookupTests(IamServer server) : IClassFixture<IamServer>
{
    private Tenant Root => server.Root;

    [Theory]
    [InlineData("", 1)]
    [InlineData("?name=cn-hangzhou", 1)]
    [InlineData("?name=cn-beijing", 0)]
    [InlineData("?name=", 0)]
    [InlineData("?name=cn-hangzhou&name=cn-beijing", 0)]
    [InlineData("?domain_id=1000000000000001", 1)]
    [InlineData("?domain_id=2", 0)]
    [InlineData("?enabled=true&page=1", 1)]
    public async Task Projects_ByToken_AreTheAccountsOne(string query, int expected)
    {
        var token = await server.RootTokenAsync();
        var answer = (await server.Iam.GetAsync($"/v3/projects{query}", ("X-Auth-Token", token))).AssertStatus(200);
        Assert.Equal(expected, answer.Json.GetProperty("projects").GetArrayLength());
        Assert.Equal($"{server.Address}v3/projects", answer["links.self"]);
        Assert.Equal(("", ""), (answer["links.next"], answer["links.previous"]));
        if (expected == 0) return;
        Assert.Equal(IamClient.ProjectId(Root.Account), answer["projects.0.id"]);
        Assert.Equal(("cn-hangzhou", Root.Account), (answer["projects.0.name"], answer["projects.0.domain_id"]));
        Assert.Equal(("True", "False"), (answer["projects.0.enabled"], answer["projects.0.is_domain"]));
        Assert.Equal(Root.Account, answer["projects.0.parent_id"]);
        Assert.Equal($"{server.Address}v3/projects/{answer["projects.0.id"]}", answer["projects.0.links.self"]);
    }

    [Fact]
    public async Task Lookups_Signed_AreAnswered()
    {
        var projects = await server.Iam.SignedGetAsync(Root.Key, "/v3/projects", "name=cn-hangzhou");
        Assert.Equal(IamClient.ProjectId(Root.Account), projects.AssertStatus(200)["projects.0.id"]);
        var domains = (await server.Iam.SignedGetAsync(Root.Key, "/v3/auth/domains")).AssertStatus(200);
        Assert.Equal((Root.Account, Root.Account), (domains["domains.0.id"], domains["domains.0.name"]));
        var regions = (await server.Iam.SignedGetAsync(Root.Key, "/v3/regions")).AssertStatus(200);
        Assert.Equal("cn-hangzhou", regions["regions.0.id"]);
    }

    [Fact]
    public async Task Lookups_BadlySigned_Are401_InIamsShape()
    {
        foreach (var path in new[] { "/v3/projects", "/v3/auth/domains", "/v3/regions" })
        {
            (await server.Iam.SignedGetAsync(Root.Key with { Secret = "wrong" }, path)).AssertError(401, "Unauthorized");
            (await server.Iam.SignedGetAsync(Root.Key with { Id = "unknown" }, path)).AssertError(401, "Unauthorized");
            (await server.Iam.GetAsync(path, ("Authorization", "nonsense"))).AssertError(401, "Unauthorized");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1000000000000001.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Lookups_WithoutAGoodToken_Are401(string? token)
    {
        (string, string)[] headers = token is null ? [] : [("X-Auth-Token", token)];
        foreach (var path in new[] { "/v3/projects", "/v3/auth/domains", "/v3/regions", "/v3/auth/tokens" })
            (await server.Iam.GetAsync(path, headers)).AssertError(401, "Unauthorized");
        (await server.Iam.SendAsync("DELETE", "/v3/auth/tokens", null, headers)).AssertError(401, "Unauthorized");
    }

    [Fact]
    public async Task Lookups_OfAUserWithoutAnyRight_AreAnswered_AndOfADisabledOneNot()
    {
        var key = new Credentials("user-key", "user-secret");
        await server.OperateAsync(Root.Account, new CreateUser("looks up"));
        await server.OperateAsync(Root.Account, new CreateAccessKey(key.Id, key.Secret) { User = "looks up" });
        (await server.Iam.SignedGetAsync(key, "/v3/projects")).AssertStatus(200);
        await server.OperateAsync(Root.Account, new SetUserStatus("looks up", false));
        (await server.Iam.SignedGetAsync(key, "/v3/projects")).AssertError(401, "Unauthorized");
    }
}
