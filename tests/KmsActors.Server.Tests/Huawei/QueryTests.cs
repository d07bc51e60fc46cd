namespace KmsActors.Server.Tests.Huawei;

/// <summary>Keys found by their tags and names, and the tags of a whole project.</summary>
public sealed class QueryTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    [Fact]
    public async Task Tags_OfAQuery_AreAllNeededEachWithAnyOfItsValues()
    {
        var project = await server.NewProjectAsync();
        var red = await TaggedAsync(project, ("colour", "red"), ("size", "1"));
        var blue = await TaggedAsync(project, ("colour", "blue"), ("size", "2"));
        var plain = await TaggedAsync(project, ("colour", ""));
        var none = await project.KeyAsync();

        await FindsAsync(project, "[]", red, blue, plain, none);
        await FindsAsync(project, """[{"key":"colour"}]""", red, blue, plain);
        await FindsAsync(project, """[{"key":"colour","values":[]}]""", red, blue, plain);
        await FindsAsync(project, """[{"key":"colour","values":["red"]}]""", red);
        await FindsAsync(project, """[{"key":"colour","values":["red","blue","green"]}]""", red, blue);
        await FindsAsync(project, """[{"key":"colour","values":["","red"]}]""", red, plain);
        await FindsAsync(project, """[{"key":"colour","values":["Red"]}]""");
        await FindsAsync(project, """[{"key":"Colour"}]""");
        await FindsAsync(project, """[{"key":"colour"},{"key":"size"}]""", red, blue);
        await FindsAsync(project, """[{"key":"colour","values":["red","blue"]},{"key":"size","values":["2"]}]""", blue);
        await FindsAsync(project, """[{"key":"colour","values":["red"]},{"key":"size","values":["2"]}]""");

        await project.DoneAsync(Ask.Delete($"{red}/tags/size"));
        await FindsAsync(project, """[{"key":"size"}]""", blue);
        await project.TagAsync(blue, "colour", "green");
        await FindsAsync(project, """[{"key":"colour","values":["blue"]}]""");
    }

    [Fact]
    public async Task Matches_OfAQuery_AreAPartOfTheName()
    {
        var project = await server.NewProjectAsync();
        var (one, other) = (await project.KeyAsync(alias: "app_one/x"), await project.KeyAsync(alias: "app-two"));
        await project.TagAsync(one, "a", "b");
        foreach (var (part, expected) in new (string, string[])[]
        {
            ("app", [one, other]), ("one", [one]), ("app_one/x", [one]), ("_", [one]),
            ("App", []), ("%", []), ("*", []), ("密", []),
        })
        {
            foreach (var withTag in new[] { false, true })
            {
                var answer = await project.OkAsync("resource_instances/action", new
                {
                    action = "filter",
                    matches = new[] { new { key = "resource_name", value = part } },
                    tags = withTag ? new[] { new { key = "a" } } : null,
                });
                var wanted = expected.Where(keyId => !withTag || keyId == one);
                Assert.Equal(wanted.Order(), answer.List("resources", "resource_id").Order());
            }
        }
    }

    [Fact]
    public async Task Pages_OfAQuery_HaveEachKeyOnce()
    {
        var project = await server.NewProjectAsync();
        List<string> made = [];
        for (var i = 0; i < 12; i++)
        {
            made.Add(await TaggedAsync(project, ("a", $"{i}")));
            server.Clock.Shift(TimeSpan.FromSeconds(1));
        }

        foreach (var tags in new[] { null, new[] { new { key = "a" } } })
        {
            var first = await project.OkAsync("resource_instances/action", new { action = "filter", tags });
            Assert.Equal(made[..10], first.List("resources", "resource_id"));
            List<string> seen = [];
            for (var offset = 0; offset < 15; offset += 5)
            {
                var page = await project.OkAsync(
                    "resource_instances/action", new { action = "filter", limit = "5", offset = $"{offset}", tags });
                Assert.Equal(12, page.Number("total_count"));
                seen.AddRange(page.List("resources", "resource_id"));
            }

            Assert.Equal(made, seen);
            var count = await project.OkAsync("resource_instances/action", new { action = "count", limit = "1", tags });
            Assert.Equal("""{"total_count":12}""", count.Text);
        }
    }

    [Fact]
    public async Task TagsOfAProject_AreThoseOfItsKeys_EachValueOnce()
    {
        var project = await server.NewProjectAsync();
        var one = await TaggedAsync(project, ("b", "2"), ("a", "x"));
        var other = await TaggedAsync(project, ("b", "1"), ("a", "x"), ("c", ""));
        const string all =
            """{"tags":[{"key":"a","values":["x"]},{"key":"b","values":["1","2"]},{"key":"c","values":[""]}]}""";
        Assert.Equal(all, (await project.GetAsync("tags")).Text);
        await project.DoneAsync(Ask.Delete($"{one}/tags/b"));
        await project.DoneAsync(Ask.Delete($"{other}/tags/c"));
        Assert.Equal(
            """{"tags":[{"key":"a","values":["x"]},{"key":"b","values":["1"]}]}""",
            (await project.GetAsync("tags")).Text);
    }

    [Fact]
    public async Task BatchDelete_OfAnotherValue_LeavesTheTag()
    {
        var project = await server.NewProjectAsync();
        var keyId = await TaggedAsync(project, ("a", "1"), ("b", "2"), ("c", "3"), ("d", ""));
        await project.DoneAsync(new Ask("POST", $"{keyId}/tags/action", """
            {"action":"delete","tags":[{"key":"a","value":"other"},{"key":"b","value":"2"},{"key":"c"},
            {"key":"d","value":"3"},{"key":"none","value":""}]}
            """));
        Assert.Equal(["a=1", "d="], await project.TagsAsync(keyId));
    }

    private static async Task<string> TaggedAsync(Project project, params (string Key, string Value)[] tags)
    {
        var keyId = await project.KeyAsync();
        foreach (var (key, value) in tags) await project.TagAsync(keyId, key, value);
        return keyId;
    }

    private static async Task FindsAsync(Project project, string tags, params string[] expected)
    {
        var found = await project.SendAsync(
            new Ask("POST", "resource_instances/action", $$"""{"action":"filter","tags":{{tags}}}"""));
        Assert.Equal(expected.Order(), found.AssertOk().List("resources", "resource_id").Order());
        Assert.Equal(expected.Length, found.Number("total_count"));
        var counted = await project.SendAsync(
            new Ask("POST", "resource_instances/action", $$"""{"action":"count","tags":{{tags}}}"""));
        Assert.Equal(expected.Length, counted.AssertOk().Number("total_count"));
    }
}
