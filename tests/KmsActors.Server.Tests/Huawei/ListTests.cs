namespace KmsActors.Server.Tests.Huawei;

/// <summary>The list of keys: its pages, and what it can be narrowed to.</summary>
public sealed class ListTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string One = "ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a01";
    private const string Other = "ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a02";

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("1000")]
    public async Task Pages_ByMarker_HaveEachKeyOnce(string limit)
    {
        var project = await server.NewProjectAsync();
        List<string> made = [];
        for (var i = 0; i < 7; i++)
        {
            made.Add(await project.KeyAsync());
            server.Clock.Shift(TimeSpan.FromSeconds(1));
        }

        List<string> seen = [];
        string? marker = null;
        do
        {
            var page = await project.OkAsync("list-keys", new { limit, marker });
            Assert.Equal(7, page.Number("total"));
            Assert.Equal(page.List("keys"), page.List("key_details", "key_id"));
            Assert.Equal(Math.Min(int.Parse(limit), 7 - seen.Count), page.List("keys").Length);
            seen.AddRange(page.List("keys"));
            marker = page["next_marker"];
            Assert.Equal(marker == "" ? "false" : "true", page["truncated"]);
            if (marker != "") Assert.Equal(seen.Count.ToString(), marker);
        }
        while (marker != "");
        // In order of creation.
        Assert.Equal(made, seen);

        var beyond = await project.OkAsync("list-keys", new { marker = "7" });
        Assert.Empty(beyond.List("keys"));
        Assert.Equal(("", "false"), (beyond["next_marker"], beyond["truncated"]));
    }

    [Fact]
    public async Task State_NarrowsTheListToKeysInIt()
    {
        var project = await server.NewProjectAsync();
        var keys = new Dictionary<string, string>();
        foreach (var state in new[] { "2", "3", "4", "5" })
        {
            var made = new KeyInState(project, state == "5" ? "empty" : "", state);
            await made.MakeAsync(needsMaterial: false);
            await made.BringAsync();
            keys[state] = made.KeyId;
        }

        foreach (var (state, keyId) in keys)
        {
            var listed = await project.OkAsync("list-keys", new { key_state = state });
            Assert.Equal(keyId, Assert.Single(listed.List("keys")));
            Assert.Equal(state, listed["key_details.0.key_state"]);
            Assert.Equal(1, listed.Number("total"));
        }

        Assert.Equal(0, (await project.OkAsync("list-keys", new { key_state = "1" })).Number("total"));
        Assert.Equal(4, (await project.OkAsync("list-keys", new { })).Number("total"));
    }

    [Fact]
    public async Task EnterpriseProject_NarrowsTheListToItsKeys()
    {
        var project = await server.NewProjectAsync();
        var (none, one, other) = (
            await project.KeyAsync(), await project.KeyAsync(project: One), await project.KeyAsync(project: Other));
        foreach (var (asked, expected) in new (string?, string[])[]
        {
            (null, [none, one, other]), ("all", [none, one, other]), ("0", [none]), (One, [one]), (Other, [other]),
            ("ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a03", []),
        })
        {
            var listed = await project.OkAsync("list-keys", new { enterprise_project_id = asked });
            Assert.Equal(expected.Order(), listed.List("keys").Order());
            Assert.Equal(expected.Length, listed.Number("total"));
        }

        await project.OkAsync("disable-key", new { key_id = one });
        var both = await project.OkAsync("list-keys", new { enterprise_project_id = One, key_state = "3" });
        Assert.Equal([one], both.List("keys"));
        Assert.Equal(3, (await project.GetAsync("user-instances")).Number("instance_num"));
    }

    // A page may be short of what has gone meanwhile; what stays is on some page all the same.
    [Fact]
    public async Task Pages_WhileKeysAreMade_LoseNone()
    {
        var project = await server.NewProjectAsync();
        List<string> before = [];
        for (var i = 0; i < 5; i++) before.Add(await project.KeyAsync());
        server.Clock.Shift(TimeSpan.FromSeconds(1));
        List<string> seen = [];
        for (var marker = "0"; marker != "";)
        {
            var page = await project.OkAsync("list-keys", new { limit = "2", marker });
            seen.AddRange(page.List("keys"));
            marker = page["next_marker"];
            if (seen.Count < 6) await project.KeyAsync();
        }

        Assert.Empty(before.Except(seen));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }
}
