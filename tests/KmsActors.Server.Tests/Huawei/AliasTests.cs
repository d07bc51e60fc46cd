namespace KmsActors.Server.Tests.Huawei;

/// <summary>A key's one name here is an alias there, among those of all the account's keys.</summary>
public sealed class AliasTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    [Fact]
    public async Task Name_OfAKey_IsAnAliasThatNobodyElseMayHave()
    {
        var project = await server.NewProjectAsync();
        var tenant = project.Tenant;
        var keyId = await project.KeyAsync(alias: "mine");
        Assert.Equal(["alias/mine"], await tenant.AliasNamesAsync());
        Assert.Equal(keyId, (await tenant.DescribeAsync("alias/mine"))["KeyMetadata.KeyId"]);
        await tenant.RefusedAsync(
            "AliasAlreadyExists", null, "CreateAlias", ("AliasName", "alias/mine"), ("KeyId", keyId));
        await project.RefusedAsync("KMS.1104", "create-key", new { key_alias = "mine" });

        var there = await tenant.KeyAsync();
        await tenant.OkAsync("CreateAlias", ("AliasName", "alias/theirs"), ("KeyId", there));
        await project.RefusedAsync("KMS.1104", "create-key", new { key_alias = "theirs" });
        await project.RefusedAsync("KMS.1104", "update-key-alias", new { key_id = keyId, key_alias = "theirs" });
        await project.RefusedAsync("KMS.1104", "update-key-alias", new { key_id = there, key_alias = "mine" });
        Assert.Equal("", (await project.DescribeAsync(there))["key_info.key_alias"]);
        // Names differ by case, and of another account they are free.
        await project.KeyAsync(alias: "Mine");
        await (await server.NewProjectAsync()).KeyAsync(alias: "mine");
    }

    [Fact]
    public async Task Rename_MovesTheAliasAndFreesTheNameBefore()
    {
        var project = await server.NewProjectAsync();
        var tenant = project.Tenant;
        var keyId = await project.KeyAsync(alias: "before");
        await tenant.OkAsync("CreateAlias", ("AliasName", "alias/more"), ("KeyId", keyId));
        var renamed = await project.OkAsync("update-key-alias", new { key_id = keyId, key_alias = "after" });
        Assert.Equal((keyId, "after"), (renamed["key_info.key_id"], renamed["key_info.key_alias"]));
        Assert.Equal(["alias/after", "alias/more"], await tenant.AliasNamesAsync());
        Assert.Equal("after", (await project.DescribeAsync(keyId))["key_info.key_alias"]);
        await project.KeyAsync(alias: "before");

        // The name it has already changes nothing; an alias of its own becomes its name.
        var commits = server.Commits();
        await project.OkAsync("update-key-alias", new { key_id = keyId, key_alias = "after" });
        Assert.Equal(commits, server.Commits());
    }

    [Fact]
    public async Task Alias_ThatWasAName_CanBeDeletedAndMovedByTheOther()
    {
        var project = await server.NewProjectAsync();
        var tenant = project.Tenant;
        var (one, other) = (await project.KeyAsync(alias: "one"), await project.KeyAsync(alias: "other"));
        await tenant.OkAsync("DeleteAlias", ("AliasName", "alias/one"));
        Assert.Equal("", (await project.DescribeAsync(one))["key_info.key_alias"]);
        await project.OkAsync("update-key-alias", new { key_id = one, key_alias = "one" });
        Assert.Equal("one", (await project.DescribeAsync(one))["key_info.key_alias"]);

        await tenant.OkAsync("UpdateAlias", ("AliasName", "alias/other"), ("KeyId", one));
        Assert.Equal("", (await project.DescribeAsync(other))["key_info.key_alias"]);
        Assert.Equal("one", (await project.DescribeAsync(one))["key_info.key_alias"]);
        Assert.Equal(one, (await tenant.DescribeAsync("alias/other"))["KeyMetadata.KeyId"]);
        await project.RefusedAsync("KMS.1104", "update-key-alias", new { key_id = other, key_alias = "other" });
    }

    [Fact]
    public async Task Name_OfADeletedKey_IsFree()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync(alias: "gone");
        await project.OkAsync("schedule-key-deletion", new { key_id = keyId, pending_days = "7" });
        await project.RefusedAsync("KMS.1104", "create-key", new { key_alias = "gone" });
        server.Clock.Shift(TimeSpan.FromDays(7));
        await project.RefusedAsync("KMS.0205", "describe-key", new { key_id = keyId });
        await server.RunRemindersAsync();
        await project.RefusedAsync("KMS.0205", "cancel-key-deletion", new { key_id = keyId });
        await project.KeyAsync(alias: "gone");
        Assert.Equal(1, (await project.GetAsync("user-instances")).Number("instance_num"));
    }

    [Fact]
    public async Task Name_AskedForByManyAtOnce_IsGivenOnce()
    {
        var project = await server.NewProjectAsync();
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => project.KeyAsync()));
        var answers = await Task.WhenAll(keys.SelectMany(keyId => new[]
        {
            project.PostAsync("update-key-alias", new { key_id = keyId, key_alias = "wanted" }),
            project.PostAsync("create-key", new { key_alias = "wanted" }),
        }));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.AssertRefused("KMS.1104"));
        var named = (await project.OkAsync("list-keys", new { })).List("key_details", "key_alias");
        Assert.Single(named, "wanted");
        Assert.Equal(named.Length, (await project.Tenant.AliasNamesAsync()).Count);
    }
}
