using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;
using KmsActors.Server.Tests.Tencent;
using Requests = KmsActors.Server.Tests.Huawei.Requests;

namespace KmsActors.Server.Tests.Admin;

/// <summary>IAM projects of an account: what one has is not there in another.</summary>
public sealed class ProjectTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Project_Made_IsListedBehindTheFirst_WithItsKeys()
    {
        var tenant = await server.NewAccountAsync();
        var projects = $"accounts/{tenant.Account}/projects";
        var made = await Operator.MakeAsync(projects, new { name = "cn-hangzhou_b" });
        Assert.Matches("^[0-9a-f]{32}$", made["id"]);
        Assert.Equal(("False", "True", "0"), (made["isFirst"], made["enabled"], made["keys"]));
        await Operator.MakeAsync(projects, new { name = "cn-hangzhou_A" });
        await new Project(tenant) { Id = made["id"] }.KeyAsync();
        await tenant.KeyAsync();
        await tenant.KeyAsync();
        var listed = await Operator.GetAsync(projects);
        Assert.Equal(["cn-hangzhou", "cn-hangzhou_A", "cn-hangzhou_b"], listed.List("items", "name"));
        Assert.Equal(("2", "0", "1"), (listed["items.0.keys"], listed["items.1.keys"], listed["items.2.keys"]));
        Assert.Equal(new Project(tenant).Id, listed["items.0.id"]);
        Assert.Equal("True", listed["items.0.isFirst"]);
        await Operator.RefusedAsync(409, "ProjectExists", null, "POST", projects, new { name = "cn-hangzhou_b" });
        foreach (var id in new[] { listed["items.0.id"], "nosuch", new string('0', 32) })
        {
            await Operator.RefusedAsync(
                404, "ProjectNotFound", null, "PATCH", $"{projects}/{id}", new { enabled = false });
        }
    }

    [Theory]
    [InlineData("cn-hangzhou_a", true)]
    [InlineData("cn-hangzhou_-_9", true)]
    [InlineData("cn-hangzhou_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true)]
    [InlineData("cn-hangzhou_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false)]
    [InlineData("cn-hangzhou_", false)]
    [InlineData("cn-hangzhou", false)]
    [InlineData("cn-beijing_a", false)]
    [InlineData("cn-hangzhou_a b", false)]
    [InlineData("cn-hangzhou_数", false)]
    [InlineData("", false)]
    public async Task Name_IsHeldToItsBounds(string name, bool isGood)
    {
        var projects = $"accounts/{(await server.NewAccountAsync()).Account}/projects";
        if (isGood) Assert.Equal(name, (await Operator.MakeAsync(projects, new { name }))["name"]);
        else await Operator.InvalidAsync("name", "POST", projects, new { name });
    }

    [Fact]
    public async Task Projects_AreAHundredBesideTheFirst()
    {
        var projects = $"accounts/{(await server.NewAccountAsync()).Account}/projects";
        for (var i = 0; i < 100; i++) await Operator.MakeAsync(projects, new { name = $"cn-hangzhou_{i}" });
        await Operator.RefusedAsync(409, "LimitExceeded", null, "POST", projects, new { name = "cn-hangzhou_more" });
        Assert.Equal(101, (await Operator.GetAsync(projects)).List("items", "id").Length);
    }

    [Theory]
    [InlineData(Proof.Signature)]
    [InlineData(Proof.Token)]
    public async Task WhatOneProjectHas_IsNotThereInAnother(Proof proof)
    {
        var (first, second) = await NewPairAsync(proof);
        var (here, there) = (await first.KeyAsync(alias: "same"), await second.KeyAsync(alias: "same"));
        await second.TagAsync(there, "a", "b");
        Assert.Equal([here], (await first.OkAsync("list-keys", new { })).List("keys"));
        Assert.Equal([there], (await second.OkAsync("list-keys", new { })).List("keys"));
        Assert.Equal(("1", "1"), (await InstancesAsync(first), await InstancesAsync(second)));
        Assert.Empty((await first.GetAsync("tags")).List("tags", "key"));
        Assert.Equal(["a"], (await second.GetAsync("tags")).List("tags", "key"));
        foreach (var endpoint in Requests.WithKey.Where(name => !name.Contains("decrypt", StringComparison.Ordinal)))
        {
            var ask = await Requests.OfAsync(endpoint, second, there, there);
            (await first.SendAsync(ask)).AssertRefused("KMS.0205");
        }

        // What is encrypted in one is nothing in another, nor is an import token.
        var blob = await second.EncryptAsync(there);
        Assert.Equal("hello", await second.DecryptAsync(blob));
        var elsewhere = await first.PostAsync("decrypt-data", new { cipher_text = blob });
        Assert.InRange(elsewhere.Status, 400, 499);
        var (mine, theirs) = (await first.ExternalKeyAsync(), await second.ExternalKeyAsync());
        var token = await second.TokenAsync(theirs);
        var import = await first.PostAsync("import-key-material", (token with { KeyId = mine }).With(new byte[32]));
        Assert.InRange(import.Status, 400, 499);
        await second.OkAsync("import-key-material", token.With(new byte[32]));
        await Operator.RefusedAsync(
            404, "KeyNotFound", null, "GET", $"accounts/{first.Tenant.Account}/keys/{theirs}/rate");
        await Operator.GetAsync($"accounts/{first.Tenant.Account}/keys/{theirs}/rate?project={second.Id}");

        // The other protocols know of no projects but the first.
        await first.Tenant.RefusedAsync("Forbidden.KeyNotFound", null, "DescribeKey", ("KeyId", there));
        string[] own = [.. new[] { here, mine }.Order(StringComparer.Ordinal)];
        Assert.Equal(own, (await first.Tenant.KeyIdsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(own, (await new Customer(first.Tenant).KeyIdsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["alias/same"], (await first.Tenant.AliasNamesAsync()).Where(name => name == "alias/same"));
        Assert.InRange((await first.Tenant.CallAsync("Decrypt", ("CiphertextBlob", blob))).Status, 400, 499);
    }

    [Fact]
    public async Task Quota_IsEachProjectsOwn()
    {
        var (first, second) = await NewPairAsync(Proof.Signature);
        await Operator.OkAsync("PATCH", $"accounts/{first.Tenant.Account}/limits", new { quotas = new { keys = 1 } });
        foreach (var project in new[] { first, second })
        {
            await project.KeyAsync();
            await project.RefusedAsync("KMS.1105", "create-key", new { key_alias = "more" });
            Assert.Equal(1, (await project.GetAsync("user-quotas")).Number("quotas.resources.0.used"));
        }
    }

    [Fact]
    public async Task Disabled_IsRefused_AndItsKeysAreThereAgainThen()
    {
        var (first, second) = await NewPairAsync(Proof.Token);
        var keyId = await second.KeyAsync();
        var path = $"accounts/{first.Tenant.Account}/projects/{second.Id}";
        Assert.Equal("False", (await Operator.OkAsync("PATCH", path, new { enabled = false }))["enabled"]);
        await second.RefusedAsync("KMS.0305", "list-keys", new { });
        await (second with { Token = null }).RefusedAsync("KMS.0305", "list-keys", new { });
        await Operator.RefusedAsync(
            404,
            "ProjectNotFound",
            null,
            "GET",
            $"accounts/{first.Tenant.Account}/keys/{keyId}/rate?project={second.Id}");
        await first.KeyAsync();
        await server.RestartAsync();
        await second.RefusedAsync("KMS.0305", "list-keys", new { });
        await Operator.OkAsync("PATCH", path, new { enabled = true });
        await second.EncryptAsync(keyId);
    }

    [Fact]
    public async Task WhatIsScheduled_HappensInEachProject()
    {
        var (_, second) = await NewPairAsync(Proof.Signature);
        var (dying, rotating) = (await second.KeyAsync(), await second.KeyAsync());
        var imported = await second.ImportedKeyAsync(new byte[32], server.Clock.GetUtcNow().AddDays(20));
        await second.OkAsync("schedule-key-deletion", new { key_id = dying, pending_days = "7" });
        await second.OkAsync("enable-key-rotation", new { key_id = rotating });
        await second.OkAsync("update-key-rotation-interval", new { key_id = rotating, rotation_interval = 30 });
        await server.RestartAsync();
        server.Clock.Shift(TimeSpan.FromDays(30));
        await server.RunRemindersAsync();
        await second.RefusedAsync("KMS.0205", "describe-key", new { key_id = dying });
        var rotation = await second.OkAsync("get-key-rotation-status", new { key_id = rotating });
        Assert.Equal(1, rotation.Number("number_of_rotations"));
        Assert.Equal("5", await second.StateAsync(imported));
    }

    private static async Task<string> InstancesAsync(Project project) =>
        (await project.GetAsync("user-instances")).Number("instance_num").ToString();

    // The first project of an account, and a second, each by a credential for it.
    private async Task<(Project First, Project Second)> NewPairAsync(Proof proof)
    {
        var tenant = await server.NewAccountAsync();
        var made = await Operator.MakeAsync($"accounts/{tenant.Account}/projects", new { name = "cn-hangzhou_2" });
        var (first, second) = (new Project(tenant), new Project(tenant) { Id = made["id"] });
        if (proof == Proof.Signature) return (first, second);
        const string password = "the account's password";
        await Operator.MakeAsync($"accounts/{tenant.Account}/users", new { name = tenant.Account, password });
        return (first with { Token = await TokenAsync(first.Id) }, second with { Token = await TokenAsync(second.Id) });

        async Task<string> TokenAsync(string id)
        {
            var scope = $$$"""{"project":{"id":"{{{id}}}"}}""";
            var login = IamClient.Login(tenant.Account, tenant.Account, password, scope);
            return (await new IamClient(server).PostAsync(login)).AssertStatus(201).SubjectToken;
        }
    }
}
