namespace KmsActors.Server.Tests.Huawei;

/// <summary>Grants, as they are made, listed and taken back.</summary>
public sealed class GrantTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const int Most = 100;

    [Fact]
    public async Task Grant_MadeAndTakenBack_IsListedMeanwhile()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        var (one, other) = (await project.GrantAsync(keyId), await project.GrantAsync(keyId));
        Assert.NotEqual(one, other);
        var listed = await project.OkAsync("list-grants", new { key_id = keyId });
        Assert.Equal([one, other], listed.List("grants", "grant_id"));
        Assert.Equal((keyId, "domain"), (listed["grants.0.key_id"], listed["grants.0.grantee_principal_type"]));
        Assert.Equal(["encrypt-data"], listed.List("grants.0.operations"));

        await project.OkAsync("revoke-grant", new { key_id = keyId, grant_id = one });
        await project.OkAsync("retire-grant", new { key_id = keyId, grant_id = other });
        Assert.Equal(
            """{"grants":[],"next_marker":"","truncated":"false","total":0}""",
            (await project.OkAsync("list-grants", new { key_id = keyId })).Text);
        foreach (var path in new[] { "revoke-grant", "retire-grant" })
            await project.RefusedAsync("KMS.0308", path, new { key_id = keyId, grant_id = one });
    }

    [Fact]
    public async Task Grants_OfAKey_AreAHundredAtMost()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        List<string> made = [];
        for (var i = 0; i < Most; i++) made.Add(await project.GrantAsync(keyId));
        await project.RefusedAsync("KMS.0308", "create-grant", project.Grant(keyId));
        List<string> seen = [];
        for (var marker = "0"; marker != "";)
        {
            var page = await project.OkAsync("list-grants", new { key_id = keyId, limit = "30", marker });
            Assert.Equal(Most, page.Number("total"));
            seen.AddRange(page.List("grants", "grant_id"));
            marker = page["next_marker"];
            Assert.Equal(marker == "" ? "false" : "true", page["truncated"]);
        }

        Assert.Equal(made, seen);
        Assert.Equal(Most, (await project.GetAsync("user-quotas")).Number("quotas.resources.1.quota"));
    }

    [Theory]
    [InlineData("create-grant", "grantee_principal", "-", "0204")]
    [InlineData("create-grant", "grantee_principal", "another", "0308")]
    [InlineData("create-grant", "grantee_principal_type", "group", "0308")]
    [InlineData("create-grant", "operations", "-", "0204")]
    [InlineData("create-grant", "operations", "=[]", "0308")]
    [InlineData("create-grant", "operations", "=[\"create-grant\"]", "0308")]
    [InlineData("create-grant", "operations", "=[\"create-key\"]", "0308")]
    [InlineData("create-grant", "operations", "=[\"create-grant\",\"describe-key\"]", "ok")]
    [InlineData("create-grant", "name", "a*255", "ok")]
    [InlineData("create-grant", "name", "a*256", "0308")]
    [InlineData("create-grant", "name", "a b", "0308")]
    [InlineData("list-grants", "limit", "100", "ok")]
    [InlineData("list-grants", "limit", "101", "1601")]
    [InlineData("list-grants", "limit", "0", "1601")]
    [InlineData("list-grants", "marker", "-1", "1602")]
    [InlineData("list-grants", "marker", "1000", "ok")]
    [InlineData("revoke-grant", "grant_id", "-", "0204")]
    [InlineData("revoke-grant", "grant_id", "0*63", "0308")]
    [InlineData("revoke-grant", "grant_id", "0*64", "0308")]
    [InlineData("retire-grant", "grant_id", "A*64", "0308")]
    public async Task Field_OfAGrant_HasItsBounds(string path, string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        var good = await Requests.OfAsync($"POST {path}", project, keyId);
        var ask = good with { Body = HuaweiJson.With(good.Body!, field, value) };
        if (code == "ok") (await project.SendAsync(ask)).AssertOk();
        else await project.RefusedAsync($"KMS.{code}", ask);
    }
}
