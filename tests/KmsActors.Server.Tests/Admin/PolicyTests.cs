using System.Text.Json;
using System.Text.Json.Nodes;
using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Policies of users and groups: what may be said, and what follows.</summary>
public sealed class PolicyTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Good =
        """{"policies":[{"name":"p","statements":[{"effect":"Allow","actions":["kms:*"],"keys":["a"]}]}]}""";

    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Policy_Set_IsToldTheSame_AndHoldsFromTheAnswerOn()
    {
        var (tenant, user, his) = await NewAsync();
        var (mine, other) = (await tenant.KeyAsync(), await tenant.KeyAsync());
        (await his.CallAsync("ListKeys")).AssertRefused("Forbidden.NoPermission");
        var policies = JsonSerializer.Serialize(new
        {
            policies = new object[]
            {
                new { name = "uses one", statements = new[] { Statement("Allow", ["kms:Encrypt"], [mine]) } },
                new
                {
                    name = "in one",
                    statements = new[] { new { effect = "Deny", actions = new[] { "kms:Create*", "kms:x" } } },
                    enterpriseProject = "ep",
                },
            },
        });
        var set = await Operator.OkAsync("PUT", $"{user}/policies", policies);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(policies), JsonNode.Parse(set.Text)), set.Text);
        Assert.Equal(set.Text, (await Operator.GetAsync($"{user}/policies")).Text);
        Assert.Equal(["uses one", "in one"], (await Operator.GetAsync(user)).List("policies"));
        await his.EncryptAsync(mine);
        await his.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", other), ("Plaintext", "aGk="));

        await Operator.OkAsync("PUT", $"{user}/policies", new { policies = Array.Empty<object>() });
        await his.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", mine), ("Plaintext", "aGk="));
        Assert.Empty((await Operator.GetAsync(user)).List("policies"));
    }

    [Fact]
    public async Task GroupsPolicy_HoldsForThoseInIt_AsLongAsTheyAre()
    {
        var (tenant, user, his) = await NewAsync();
        var groups = $"accounts/{tenant.Account}/groups";
        var made = await Operator.MakeAsync(groups, new { name = "readers" });
        Assert.Matches("^[0-9a-f]{32}$", made["id"]);
        await Operator.RefusedAsync(409, "GroupExists", null, "POST", groups, new { name = "readers" });
        await Operator.OkAsync("PUT", $"{groups}/readers/policies", AdminServer.Allow("kms:List*"));
        Assert.Equal(["allow"], (await Operator.GetAsync($"{groups}/readers")).List("policies"));
        await AssertMayAsync(his, false);
        for (var i = 0; i < 2; i++)
        {
            await Operator.DoneAsync("PUT", $"{user}/groups/readers");
            await AssertMayAsync(his, true);
            Assert.Equal(["readers"], (await Operator.GetAsync(user)).List("groups"));
            await Operator.DoneAsync("DELETE", $"{user}/groups/readers");
            await AssertMayAsync(his, false);
        }

        await Operator.DoneAsync("PUT", $"{user}/groups/readers");
        await Operator.DoneAsync("DELETE", $"{groups}/readers");
        await AssertMayAsync(his, false);
        // Another group of its name is another group.
        await Operator.MakeAsync(groups, new { name = "readers" });
        await Operator.OkAsync("PUT", $"{groups}/readers/policies", AdminServer.Allow("*"));
        await AssertMayAsync(his, false);
        await Operator.RefusedAsync(404, "GroupNotFound", null, "PUT", $"{user}/groups/nosuch");
        foreach (var call in AdminCallTable.About("{group}"))
        {
            if (call.Path.Contains("{user}", StringComparison.Ordinal)) continue;
            await Operator.RefusedAsync(404, "GroupNotFound", null, call.Method, call.At(tenant.Account), call.Body);
        }
    }

    [Fact]
    public async Task Groups_OfOneUser_AreTenAtMost()
    {
        var (tenant, user, _) = await NewAsync();
        for (var i = 0; i < 11; i++)
        {
            var name = $"g{i}";
            await Operator.MakeAsync($"accounts/{tenant.Account}/groups", new { name });
            if (i < 10) await Operator.DoneAsync("PUT", $"{user}/groups/{name}");
            else await Operator.RefusedAsync(409, "LimitExceeded", null, "PUT", $"{user}/groups/{name}");
        }

        var listed = await Operator.GetAsync($"accounts/{tenant.Account}/groups?limit=4&after=g1");
        Assert.Equal(["g10", "g2", "g3", "g4"], listed.List("items", "name"));
        Assert.Equal("g4", listed["next"]);
    }

    [Theory]
    [InlineData("policies.0.name", "=\"\"", "name")]
    [InlineData("policies.0.name", "x*65", "name")]
    [InlineData("policies.0.name", "x*64", null)]
    [InlineData("policies.0.statements", "=[]", "statements")]
    [InlineData("policies.0.statements", "=[null]", "statements")]
    [InlineData("policies.0.statements.0.effect", "Maybe", "policies[0].statements[0].effect")]
    [InlineData("policies.0.statements.0.effect", "=1", "policies[0].statements[0].effect")]
    [InlineData("policies.0.statements.0.effect", "-", "effect")]
    [InlineData("policies.0.statements.0.effect", "Deny", null)]
    [InlineData("policies.0.statements.0.actions", "=[]", "actions")]
    [InlineData("policies.0.statements.0.actions", "=[\"\"]", "actions")]
    [InlineData("policies.0.statements.0.actions", "=[null]", "actions")]
    [InlineData("policies.0.statements.0.actions", "=[\"a b\"]", "actions")]
    [InlineData("policies.0.statements.0.keys", "=[\"键\"]", "keys")]
    [InlineData("policies.0.statements.0.keys", "=[]", null)]
    [InlineData("policies.0.statements.0.keys", "=null", null)]
    [InlineData("policies.0.statements.0.nosuch", "=1", "policies[0].statements[0].nosuch")]
    [InlineData("policies.0.project", "=\"\"", "project")]
    [InlineData("policies.0.project", "x*64", null)]
    [InlineData("policies.0.project", "x*65", "project")]
    [InlineData("policies.0.enterpriseProject", "x*65", "project")]
    [InlineData("policies", "=[null]", "policies")]
    [InlineData("policies", "=null", "policies")]
    [InlineData("policies", "=[]", null)]
    public async Task Policies_AreHeldToTheirBounds(string field, string value, string? refused)
    {
        var (tenant, user, _) = await NewAsync();
        await Operator.MakeAsync($"accounts/{tenant.Account}/groups", new { name = "g" });
        var body = HuaweiJson.With(Good, field, value);
        foreach (var holder in new[] { user, $"accounts/{tenant.Account}/groups/g" })
        {
            if (refused is null) await Operator.OkAsync("PUT", $"{holder}/policies", body);
            else await Operator.InvalidAsync(refused, "PUT", $"{holder}/policies", body);
        }
    }

    [Theory]
    [InlineData(20, 8, 1, null)]
    [InlineData(21, 1, 1, "LimitExceeded")]
    [InlineData(1, 9, 1, "ParameterInvalid")]
    [InlineData(1, 1, 100, null)]
    [InlineData(1, 1, 101, "ParameterInvalid")]
    [InlineData(10, 1, 100, null)]
    [InlineData(11, 1, 100, "LimitExceeded")]
    public async Task Policies_AreSoManyAtMost(int policies, int statements, int actions, string? refused)
    {
        var (_, user, _) = await NewAsync();
        string[] patterns = [.. Enumerable.Range(0, actions).Select(i => $"kms:{i}")];
        object[] all = [.. Enumerable.Range(0, policies).Select(i => new
        {
            name = $"p{i}",
            statements = Enumerable.Range(0, statements).Select(_ => new { effect = "Allow", actions = patterns }),
        })];
        var answer = await Operator.SendAsync("PUT", $"{user}/policies", new { policies = all });
        Assert.Equal(refused ?? "", answer.Code);
        Assert.Equal(refused is null ? policies : 0, (await Operator.GetAsync(user)).List("policies").Length);
    }

    private static object Statement(string effect, string[] actions, string[] keys) => new { effect, actions, keys };

    private static async Task AssertMayAsync(Tenant tenant, bool may) =>
        Assert.Equal(may ? "" : "Forbidden.NoPermission", (await tenant.CallAsync("ListKeys")).Code);

    // An account, and a user of it by his access key.
    private async Task<(Tenant Tenant, string Path, Tenant His)> NewAsync()
    {
        var tenant = await server.NewAccountAsync();
        await Operator.MakeAsync($"accounts/{tenant.Account}/users", new { name = "u" });
        var key = await server.NewKeyAsync(tenant.Account, "u");
        return (tenant, $"accounts/{tenant.Account}/users/u", tenant with { Key = key });
    }
}
