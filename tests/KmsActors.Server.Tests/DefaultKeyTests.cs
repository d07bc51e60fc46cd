using KmsActors.Grains;
using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests;

/// <summary>Default master keys: seed 003, 4.1.1, 4.1.13 to 4.1.16. A service names them by alias.</summary>
public sealed class DefaultKeyTests(DefaultKeyTests.Services server) : IClassFixture<DefaultKeyTests.Services>
{
    private const int MostKeys = 2;
    private const string Alias = "alias/obs/default";

    private const string NoVersion = "00000000-0000-4000-8000-000000000000";

    private static readonly (string, string) Plaintext = ("Plaintext", "YQ==");

    [Fact]
    public async Task FirstUse_OfManyAtOnce_MakesOneKey_WhichOthersThenFind()
    {
        var tenant = await server.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext))));
        var keyId = Assert.Single(answers.Select(answer => answer["KeyId"]).Distinct());
        Assert.Equal([keyId], await tenant.KeyIdsAsync());
        Assert.Equal([Alias], await tenant.AliasNamesAsync());
        foreach (var answer in answers)
        {
            var decrypted = await tenant.OkAsync("Decrypt", ("CiphertextBlob", answer["CiphertextBlob"]));
            Assert.Equal("YQ==", decrypted["Plaintext"]);
        }
    }

    [Fact]
    public async Task DefaultKeys_AreNotCounted_HoweverTheyComeAmongOthers()
    {
        var tenant = await server.NewTenantAsync();
        await tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext);
        await tenant.KeyAsync();
        await tenant.OkAsync("Encrypt", ("KeyId", "alias/evs/default"), Plaintext);
        await tenant.KeyAsync();
        await tenant.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
        Assert.Equal(MostKeys + 2, (await tenant.KeyIdsAsync()).Count);

        var full = await server.NewTenantAsync();
        for (var i = 0; i < MostKeys; i++) await full.KeyAsync();
        await full.OkAsync("Encrypt", ("KeyId", Alias), Plaintext);
        await full.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
    }

    [Fact]
    public async Task DefaultKey_IsNeitherDisabledNorDeletedNorChanged()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = (await tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext))["KeyId"];
        var other = await tenant.KeyAsync();
        foreach (var (action, parameters) in new (string, Args)[]
        {
            ("DisableKey", [("KeyId", keyId)]),
            ("ScheduleKeyDeletion", [("KeyId", keyId), ("PendingWindowInDays", "7")]),
            ("UpdateKeyDescription", [("KeyId", keyId), ("Description", "mine")]),
            ("TagResource", [("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]""")]),
            ("CreateAlias", [("AliasName", "alias/mine"), ("KeyId", keyId)]),
            ("UpdateRotationPolicy", [("KeyId", keyId), ("EnableAutomaticRotation", "false")]),
            ("DeleteAlias", [("AliasName", Alias)]),
            ("UpdateAlias", [("AliasName", Alias), ("KeyId", other)]),
        })
        {
            await tenant.RefusedAsync("UnsupportedOperation", null, action, parameters);
        }

        await tenant.OkAsync("Encrypt", ("KeyId", keyId), Plaintext);
    }

    [Theory]
    [InlineData("alias/nosuch/default")]
    [InlineData("alias/obs/Default")]
    [InlineData("alias/obs/default2")]
    [InlineData("alias/default")]
    [InlineData("alias//default")]
    public async Task OtherNames_AreJustUnknownAliases(string alias)
    {
        var tenant = await server.NewTenantAsync();
        await tenant.RefusedAsync("Forbidden.AliasNotFound", null, "Encrypt", ("KeyId", alias), Plaintext);
    }

    [Fact]
    public async Task Name_IsKeptForTheService()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        await tenant.RefusedAsync("UnsupportedOperation", null, "CreateAlias", ("AliasName", Alias), ("KeyId", keyId));
        await tenant.OkAsync("CreateAlias", ("AliasName", "alias/nosuch/default"), ("KeyId", keyId));
        await tenant.OkAsync("DisableKey", ("KeyId", keyId));
    }

    [Theory]
    [InlineData("DescribeKey")]
    [InlineData("CreateKeyVersion")]
    [InlineData("GetPublicKey")]
    public async Task CallThatIsNoUse_MakesNoKey(string action)
    {
        var tenant = await server.NewTenantAsync();
        await tenant.RefusedAsync("Forbidden.AliasNotFound", null, action, ("KeyId", Alias), ("KeyVersionId", NoVersion));
    }

    [Fact]
    public async Task UserWithoutARight_MakesNoKey_AndWithARightInAnotherProjectUsesIt()
    {
        var tenant = await server.NewTenantAsync();
        var account = new Project(tenant);
        var none = await account.AsUserAsync(PolicyScope.All);
        await none.Tenant.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", Alias), Plaintext);
        await none.Tenant.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", "alias/x"), Plaintext);
        var ofOneKey = await account.AsUserAsync(
            PolicyScope.All, new PolicyStatement { Effect = PolicyEffect.Allow, Actions = ["*"], Resources = ["x"] });
        await ofOneKey.Tenant.RefusedAsync("Forbidden.AliasNotFound", null, "Encrypt", ("KeyId", Alias), Plaintext);
        Assert.Empty(await tenant.KeyIdsAsync());

        var elsewhere = PolicyScope.OfEnterpriseProject("b");
        var user = await account.AsUserAsync(elsewhere, Statement(PolicyEffect.Allow, "kms:*"));
        var keyId = (await user.Tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext))["KeyId"];
        var denied = await account.AsUserAsync(
            elsewhere, Statement(PolicyEffect.Allow, "kms:*"), Statement(PolicyEffect.Deny, "kms:Encrypt"));
        await denied.Tenant.OkAsync("DescribeKey", ("KeyId", keyId));
        await denied.Tenant.RefusedAsync("Forbidden.NoPermission", null, "Encrypt", ("KeyId", keyId), Plaintext);
    }

    [Fact]
    public async Task DefaultKey_SurvivesARestart()
    {
        var tenant = await server.NewTenantAsync();
        var before = await tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext);
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal(before["KeyId"], (await tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext))["KeyId"]);
        await tenant.RefusedAsync("UnsupportedOperation", null, "DisableKey", ("KeyId", before["KeyId"]));
    }

    private static PolicyStatement Statement(PolicyEffect effect, string action) =>
        new() { Effect = effect, Actions = [action] };

    /// <summary>A server with two services of its operator's.</summary>
    public sealed class Services : TestServer
    {
        protected override IEnumerable<string> MoreOptions =>
        [
            "--Kms:DefaultKeyServices:0=obs",
            "--Kms:DefaultKeyServices:1=evs",
            $"--Kms:Limits:KeysPerAccount={MostKeys}",
        ];
    }
}
