namespace KmsActors.Server.Tests.Huawei;

/// <summary>Fields of keys, at their bounds and beyond.</summary>
public sealed class KeyFieldTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string AliasCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/_-";

    [Theory]
    [InlineData("key_alias", "a", "ok")]
    [InlineData("key_alias", "a*255", "ok")]
    [InlineData("key_alias", "a*256", "1101")]
    [InlineData("key_alias", "", "1101")]
    [InlineData("key_alias", "-", "0204")]
    [InlineData("key_alias", "=5", "1101")]
    [InlineData("key_alias", "=null", "0204")]
    [InlineData("key_alias", "密", "1101")]
    [InlineData("key_alias", "é", "1101")]
    [InlineData("key_alias", "😀", "1101")]
    [InlineData("key_alias", "obs/default", "1101")]
    [InlineData("key_alias", "/default", "1101")]
    [InlineData("key_alias", "default", "ok")]
    [InlineData("key_alias", "obs/default/", "ok")]
    [InlineData("key_alias", "obs/Default", "ok")]
    [InlineData("key_description", "", "ok")]
    [InlineData("key_description", "密*255", "ok")]
    [InlineData("key_description", "😀*255", "ok")]
    [InlineData("key_description", "a*256", "1103")]
    [InlineData("key_description", "😀*256", "1103")]
    [InlineData("key_description", "=5", "1103")]
    [InlineData("key_description", "=null", "ok")]
    [InlineData("key_description", "-", "ok")]
    [InlineData("origin", "external", "ok")]
    [InlineData("origin", "-", "ok")]
    [InlineData("origin", "KMS", "0308")]
    [InlineData("origin", "", "0308")]
    [InlineData("origin", "=1", "0308")]
    [InlineData("enterprise_project_id", "0", "ok")]
    [InlineData("enterprise_project_id", "ca8f0ef8-8c0b-4c3f-b2b8-3a0f4e0a5a01", "ok")]
    [InlineData("enterprise_project_id", "all", "0308")]
    [InlineData("enterprise_project_id", "", "0308")]
    [InlineData("enterprise_project_id", "1", "0308")]
    [InlineData("enterprise_project_id", "CA8F0EF8-8C0B-4C3F-B2B8-3A0F4E0A5A01", "0308")]
    [InlineData("enterprise_project_id", "=0", "0308")]
    [InlineData("key_spec", "AES_128", "0308")]
    [InlineData("key_spec", "aes_256", "0308")]
    [InlineData("key_spec", "RSA_4096", "0308")]
    [InlineData("key_usage", "SIGN_VERIFY", "0308")]
    [InlineData("key_usage", "ENCRYPT/DECRYPT", "0308")]
    public async Task CreateKey_Field_HasItsBounds(string field, string value, string code)
    {
        var project = await server.NewProjectAsync();
        await FieldTable.CheckAsync(project, "POST create-key", "", field, value, code);
    }

    [Theory]
    [InlineData("EC_P256", "ENCRYPT_DECRYPT", "kms")]
    [InlineData("SM4", "SIGN_VERIFY", "kms")]
    [InlineData("RSA_2048", "ENCRYPT_DECRYPT", "external")]
    public async Task CreateKey_FieldsThatContradict_AreRefused(string spec, string usage, string origin) =>
        await (await server.ProjectAsync(Proof.Signature)).RefusedAsync("KMS.0308", "create-key", new
        {
            key_alias = Project.NewAlias(), key_spec = spec, key_usage = usage, origin,
        });

    [Theory]
    [InlineData("key_alias", "a*255", "ok")]
    [InlineData("key_alias", "a*256", "1101")]
    [InlineData("key_alias", "", "1101")]
    [InlineData("key_alias", "-", "0204")]
    [InlineData("key_alias", "evs/default", "1101")]
    public async Task UpdateKeyAlias_Field_HasItsBounds(string field, string value, string code) =>
        await CheckAsync("POST update-key-alias", field, value, code);

    [Theory]
    [InlineData("", "ok")]
    [InlineData("😀*255", "ok")]
    [InlineData("a*256", "1103")]
    [InlineData("-", "0204")]
    [InlineData("=[]", "1103")]
    public async Task UpdateKeyDescription_Field_HasItsBounds(string value, string code)
    {
        var answer = await CheckAsync("POST update-key-description", "key_description", value, code);
        if (code != "ok") return;
        Assert.Equal(HuaweiJson.Expand(value), answer["key_info.key_description"]);
        var project = await server.ProjectAsync(Proof.Signature);
        var described = await project.DescribeAsync(answer["key_info.key_id"]);
        Assert.Equal(HuaweiJson.Expand(value), described["key_info.key_description"]);
    }

    [Theory]
    [InlineData("6", "1401")]
    [InlineData("7", "ok")]
    [InlineData("1096", "ok")]
    [InlineData("1097", "1401")]
    [InlineData("0", "1401")]
    [InlineData("-7", "1401")]
    [InlineData("7.0", "1401")]
    [InlineData("x", "1401")]
    [InlineData("", "1401")]
    [InlineData("=7", "1401")]
    [InlineData("99999999999999999999", "1401")]
    [InlineData("-", "0204")]
    public async Task ScheduleKeyDeletion_Days_AreBounded(string value, string code) =>
        await CheckAsync("POST schedule-key-deletion", "pending_days", value, code);

    [Theory]
    [InlineData("=29", "0308")]
    [InlineData("=30", "ok")]
    [InlineData("30", "ok")]
    [InlineData("=365", "ok")]
    [InlineData("=366", "0308")]
    [InlineData("=30.5", "0308")]
    [InlineData("=true", "0308")]
    [InlineData("-", "0204")]
    public async Task RotationInterval_Days_AreBounded(string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        var keyId = await project.KeyAsync();
        await project.OkAsync("enable-key-rotation", new { key_id = keyId });
        await FieldTable.CheckAsync(
            project, "POST update-key-rotation-interval", keyId, "rotation_interval", value, code);
    }

    [Fact]
    public async Task Alias_OfEachAsciiCharacter_IsTakenOnlyIfTheDocumentAllowsIt()
    {
        var project = await server.NewProjectAsync();
        for (var c = '\0'; c < 128; c++)
        {
            var answer = await project.PostAsync("create-key", new { key_alias = $"a{c}b" });
            if (AliasCharacters.Contains(c, StringComparison.Ordinal)) answer.AssertOk();
            else answer.AssertRefused("KMS.1101");
        }
    }

    private async Task<HuaweiAnswer> CheckAsync(string endpoint, string field, string value, string code)
    {
        var project = await server.ProjectAsync(Proof.Signature);
        // Names are unique within an account, so that of the last one must be out of the way.
        if (field == "key_alias") project = await server.NewProjectAsync();
        return await FieldTable.CheckAsync(project, endpoint, await project.KeyAsync(), field, value, code);
    }
}
