namespace KmsActors.Server.Tests.Huawei;

/// <summary>Which paths and projects there are.</summary>
public sealed class PathTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private Project Project => new(server.Root);

    public static IEnumerable<object[]> Endpoints =>
        from endpoint in Requests.All
        from proof in Enum.GetValues<Proof>()
        select new object[] { endpoint, proof };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task ProjectId_OfAnotherForm_IsForbidden(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var keyId = await project.KeyAsync();
        var ask = await Requests.OfAsync(endpoint, project, keyId);
        foreach (var id in new[] { "0", project.Id.ToUpperInvariant(), project.Id + "0" })
        {
            var before = server.Commits();
            (await (project.Client with { ProjectId = id }).SendAsync(ask)).AssertRefused("KMS.0305");
            Assert.Equal(before, server.Commits());
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoint_WithAnotherMethod_IsNone(string endpoint, Proof proof)
    {
        var project = await server.ProjectAsync(proof);
        var ask = await Requests.OfAsync(endpoint, project, await project.KeyAsync());
        foreach (var method in new[] { "GET", "POST", "PUT", "DELETE", "PATCH" })
        {
            // "action" is also a tag that can be deleted.
            var isAnother = Requests.All.Contains($"{method} {endpoint.Split(' ')[1]}")
                || (method == "DELETE" && endpoint.EndsWith("/action", StringComparison.Ordinal));
            if (method == ask.Method || isAnother) continue;
            await project.RefusedAsync("KMS.0201", ask with { Method = method });
        }
    }

    [Theory]
    [InlineData("POST", "nowhere")]
    [InlineData("POST", "Create-Key")]
    [InlineData("POST", "create-key/x")]
    [InlineData("POST", "")]
    [InlineData("GET", "a/tags/b")]
    [InlineData("DELETE", "a/tags")]
    [InlineData("DELETE", "a/tags/b/c")]
    [InlineData("POST", "a/tags/b")]
    [InlineData("POST", "describe-key/%ff")]
    [InlineData("POST", "resource_instances%2Faction")]
    [InlineData("DELETE", "%7Bkey_id%7D/tags%2F%7Bkey%7D")]
    [InlineData("DELETE", "%7Bkey_id%7D%2Ftags%2F%7Bkey%7D")]
    public async Task Path_Unknown_IsRefused(string method, string path) =>
        (await Project.SendAsync(new Ask(method, path, "{}"))).AssertRefused("KMS.0201");

    [Theory]
    [InlineData("/v1.0")]
    [InlineData("/v1.0/")]
    [InlineData("/v1.0/p")]
    [InlineData("/v1.0/p/vpc/x")]
    [InlineData("/v1.0//kms/list-keys")]
    public async Task Path_OfAnotherService_IsNotThere(string path)
    {
        var proven = Project.Client.Prove(Ask.Post("list-keys", new { })) with { Target = path };
        (await Project.Client.SendAsync(proven)).AssertRefused("APIGW.0101");
    }

    [Theory]
    [InlineData("list-keys/")]
    [InlineData("list%2Dkeys")]
    [InlineData("list-keys?limit=1&a=b%20c")]
    public async Task Path_WrittenOtherwise_IsTheSame(string path)
    {
        var client = Project.Client;
        var plain = client.Prove(Ask.Post("list-keys", new { }));
        if (!path.Contains('?', StringComparison.Ordinal))
        {
            (await client.SendAsync(plain with { Target = $"/v1.0/{Project.Id}/kms/{path}" })).AssertOk();
            return;
        }

        // Signed with its query, which is sorted and encoded already.
        (await Project.SendAsync(new Ask("POST", "list-keys?a=b%20c&limit=1", "{}"))).AssertOk();
        (await Project.SendAsync(new Ask("POST", "list-keys?limit=1&a=b", "{}"))).AssertRefused("APIGW.0301");
    }
}
