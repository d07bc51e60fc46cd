using KmsActors.Operations;

namespace KmsActors.Server.Tests;

/// <summary>What a server that starts again on the same data still knows, and what it does first.</summary>
public sealed class RestartTests(TestServer server) : IClassFixture<TestServer>
{
    private Tenant Root => server.Root;

    [Fact]
    public async Task Everything_AfterARestart_IsAsItWas()
    {
        var (keyId, disabled) = (await Root.KeyAsync(), await Root.KeyAsync());
        var alias = await Root.AliasAsync(keyId);
        var blob = await Root.EncryptAsync(keyId, ("EncryptionContext.a", "b"));
        await Root.OkAsync("DisableKey", ("KeyId", disabled));
        await Root.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        await Root.OkAsync("UpdateKeyDescription", ("KeyId", keyId), ("Description", "说明"));
        var imported = await Root.ImportedKeyAsync();
        var token = await Root.TokenAsync(await Root.ExternalKeyAsync());
        var pending = await Root.KeyAsync();
        await Root.OkAsync("ScheduleKeyDeletion", ("KeyId", pending), ("PendingWindowInDays", "30"));
        string[] keys = [keyId, disabled, imported, pending, token.KeyId];
        var before = await PicturesAsync(keys);

        await RestartAsync(TimeSpan.Zero);

        Assert.Equal(before, await PicturesAsync(keys));
        Assert.Equal(keyId, (await Root.DescribeAsync(alias))["KeyMetadata.KeyId"]);
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob), ("EncryptionContext.a", "b"));
        await Root.OkAsync("ImportKeyMaterial", token.With(Tenant.NewMaterial()));
        await Root.OkAsync("CancelKeyDeletion", ("KeyId", pending));
    }

    [Fact]
    public async Task Reminders_OverdueAtTheStart_AreCarriedOutAtOnce()
    {
        var tenant = await server.NewTenantAsync();
        var deleted = await tenant.KeyAsync();
        await tenant.AliasAsync(deleted);
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", deleted), ("PendingWindowInDays", "7"));
        var expired = await tenant.ImportedKeyAsync(server.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());

        await RestartAsync(TimeSpan.FromDays(8));

        // The pump commits meanwhile, so only the answer is looked at.
        (await tenant.CallAsync("DescribeKey", ("KeyId", deleted))).AssertRefused("Forbidden.KeyNotFound");
        Assert.Equal("PendingImport", await tenant.StateAsync(expired));
        await Eventually.TrueAsync(async () => (await tenant.KeyIdsAsync()) is [var left] && left == expired);
        Assert.Empty(await tenant.AliasNamesAsync());
        await Eventually.TrueAsync(() => Task.FromResult(server.Query(
            "SELECT count(*) FROM reminders WHERE account = $account AND due_at <= $now",
            ("$account", tenant.Account), ("$now", server.Clock.GetUtcNow().Ticks)) is 0L));
    }

    [Fact]
    public async Task AccessKey_DisabledBeforeARestart_StaysDisabled()
    {
        await server.OperateAsync(Root.Account, new SetAccessKeyStatus(Root.Key.Id, false));
        await RestartAsync(TimeSpan.Zero);
        (await Root.CallAsync("DescribeRegions")).AssertRefused("Forbidden.AccessKey");
        await server.OperateAsync(Root.Account, new SetAccessKeyStatus(Root.Key.Id, true));
        await Root.OkAsync("DescribeRegions");
    }

    private async Task RestartAsync(TimeSpan asleep)
    {
        await server.StopAsync();
        server.Clock.Shift(asleep);
        await server.StartAsync();
    }

    private async Task<string> PicturesAsync(IEnumerable<string> keys)
    {
        List<string> pictures = [];
        foreach (var key in keys) pictures.Add(await Root.PictureAsync(key));
        return string.Join('\n', pictures);
    }
}
