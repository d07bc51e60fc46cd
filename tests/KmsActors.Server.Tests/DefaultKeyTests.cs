namespace KmsActors.Server.Tests;

/// <summary>Default master keys: seed 003, 4.1.1, 4.1.13 to 4.1.16. A service names them by alias.</summary>
public sealed class DefaultKeyTests(DefaultKeyTests.Services server) : IClassFixture<DefaultKeyTests.Services>
{
    private const int MostKeys = 2;
    private const string Alias = "alias/obs/default";

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
    public async Task NameThatIsTakenByAKeyOfOnesOwn_StaysThatKeys()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        await tenant.OkAsync("CreateAlias", ("AliasName", Alias), ("KeyId", keyId));
        Assert.Equal(keyId, (await tenant.OkAsync("Encrypt", ("KeyId", Alias), Plaintext))["KeyId"]);
        await tenant.OkAsync("DisableKey", ("KeyId", keyId));
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
