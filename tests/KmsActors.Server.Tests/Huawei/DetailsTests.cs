using System.Globalization;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>What is said of keys.</summary>
public sealed class DetailsTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string EnterpriseProject = "ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a01";

    [Fact]
    public async Task Key_OfTheServersMaterial_IsDescribedInFull()
    {
        var project = await server.NewProjectAsync();
        var now = Milliseconds(server.Clock.GetUtcNow());
        var created = await project.OkAsync("create-key", new
        {
            key_alias = "a:b/c_d-E9",
            key_description = "备份 \"<&>\\",
            enterprise_project_id = EnterpriseProject,
        });
        var keyId = created["key_info.key_id"];
        Assert.Equal(project.Tenant.Account, created["key_info.domain_id"]);

        var expected = $$"""
            {"key_id":"{{keyId}}","domain_id":"{{project.Tenant.Account}}","key_alias":"a:b/c_d-E9",
            "realm":"cn-hangzhou","key_description":"备份 \"<&>\\","creation_date":"{{now}}",
            "scheduled_deletion_date":"","key_state":"2","default_key_flag":"0","key_type":"1",
            "expiration_time":"","origin":"kms","sys_enterprise_project_id":"{{EnterpriseProject}}",
            "key_rotation_enabled":"false","key_spec":"AES_256","key_usage":"ENCRYPT_DECRYPT"}
            """.Replace("\n", "", StringComparison.Ordinal);
        Assert.Equal($$"""{"key_info":{{expected}}}""", (await project.DescribeAsync(keyId)).Text);
        Assert.Equal(
            $$"""{"keys":["{{keyId}}"],"key_details":[{{expected}}],"next_marker":"","truncated":"false","total":1}""",
            (await project.OkAsync("list-keys", new { })).Text);
        Assert.Equal(
            $$"""
            {"resources":[{"resource_id":"{{keyId}}","resource_detail":{{expected}},"resource_name":"a:b/c_d-E9",
            "tags":[]}],"total_count":1}
            """.Replace("\n", "", StringComparison.Ordinal),
            (await project.OkAsync("resource_instances/action", new { action = "filter" })).Text);
    }

    [Fact]
    public async Task Times_OfAKey_AreInMilliseconds()
    {
        var project = await server.NewProjectAsync();
        var expiry = server.Clock.GetUtcNow().AddDays(30);
        var keyId = await project.ImportedKeyAsync(Tenant.NewMaterial(), expiry);
        Assert.Equal(Milliseconds(expiry), (await project.DescribeAsync(keyId))["key_info.expiration_time"]);
        Assert.Equal("external", (await project.DescribeAsync(keyId))["key_info.origin"]);

        await project.OkAsync("schedule-key-deletion", new { key_id = keyId, pending_days = "1096" });
        var date = (await project.DescribeAsync(keyId))["key_info.scheduled_deletion_date"];
        Assert.Equal(Milliseconds(server.Clock.GetUtcNow().AddDays(1096)), date);
        await project.OkAsync("cancel-key-deletion", new { key_id = keyId });
        Assert.Equal("", (await project.DescribeAsync(keyId))["key_info.scheduled_deletion_date"]);
    }

    [Fact]
    public async Task DefaultMasterKey_IsFlaggedAndNotCounted()
    {
        var project = await server.NewProjectAsync();
        var ours = await project.KeyAsync();
        await server.OperateAsync(project.Tenant.Account, new EnsureDefaultKey("obs/default"));
        var listed = await project.OkAsync("list-keys", new { });
        Assert.Equal(2, listed.Number("total"));
        var place = Array.IndexOf(listed.List("key_details", "key_alias"), "obs/default");
        Assert.Equal("1", listed[$"key_details.{place}.default_key_flag"]);
        Assert.Equal("0", listed[$"key_details.{1 - place}.default_key_flag"]);
        Assert.Equal(ours, listed[$"keys.{1 - place}"]);
        Assert.Equal(1, (await project.GetAsync("user-instances")).Number("instance_num"));
        Assert.Equal(1, (await project.GetAsync("user-quotas")).Number("quotas.resources.0.used"));
    }

    [Fact]
    public async Task Quotas_OfAnAccount_CountItsKeys()
    {
        var project = await server.NewProjectAsync();
        for (var keys = 0; keys < 3; keys++)
        {
            Assert.Equal(keys, (await project.GetAsync("user-instances")).Number("instance_num"));
            var quotas = await project.GetAsync("user-quotas");
            Assert.Equal(["CMK", "grant_per_CMK"], quotas.List("quotas.resources", "type"));
            Assert.Equal(keys, quotas.Number("quotas.resources.0.used"));
            Assert.Equal(100_000, quotas.Number("quotas.resources.0.quota"));
            await project.KeyAsync();
        }
    }

    [Theory]
    [InlineData("AES_256", "ENCRYPT_DECRYPT", null)]
    [InlineData("SM4", "ENCRYPT_DECRYPT", null)]
    [InlineData("RSA_2048", "ENCRYPT_DECRYPT", null)]
    [InlineData("RSA_2048", "SIGN_VERIFY", "SIGN_VERIFY")]
    [InlineData("RSA_3072", "ENCRYPT_DECRYPT", null)]
    [InlineData("EC_P256", "SIGN_VERIFY", null)]
    [InlineData("SECP256K1", "SIGN_VERIFY", null)]
    [InlineData("SM2", "ENCRYPT_DECRYPT", null)]
    public async Task Spec_OfEveryKind_IsThatOfTheKeyMade(string spec, string usage, string? asked)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var created = await project.OkAsync(
            "create-key", new { key_alias = Project.NewAlias(), key_spec = spec, key_usage = asked });
        var key = await project.DescribeAsync(created["key_info.key_id"]);
        Assert.Equal((spec, usage), (key["key_info.key_spec"], key["key_info.key_usage"]));
    }

    private static string Milliseconds(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
