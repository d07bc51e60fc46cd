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
        var rotated = await tenant.RotatingKeyAsync();

        await RestartAsync(TimeSpan.FromDays(8));

        // The pump commits meanwhile, so only the answer is looked at.
        (await tenant.CallAsync("DescribeKey", ("KeyId", deleted))).AssertRefused("Forbidden.KeyNotFound");
        Assert.Equal("PendingImport", await tenant.StateAsync(expired));
        await Eventually.TrueAsync(async () => !(await tenant.KeyIdsAsync()).Contains(deleted));
        Assert.Equivalent(new[] { expired, rotated }, await tenant.KeyIdsAsync(), strict: true);
        Assert.Empty(await tenant.AliasNamesAsync());
        await Eventually.TrueAsync(async () => (await tenant.VersionsAsync(rotated)).Count == 2);
        await Eventually.TrueAsync(() => Task.FromResult(server.Query(
            "SELECT count(*) FROM reminders WHERE account = $account AND due_at <= $now",
            ("$account", tenant.Account), ("$now", server.Clock.GetUtcNow().Ticks)) is 0L));
    }

    [Fact]
    public async Task RotatedKeyAndPairs_AfterARestart_WorkAsBefore()
    {
        var rotating = await Root.RotatingKeyAsync("10d");
        List<string> blobs = [await Root.EncryptAsync(rotating)];
        server.Clock.Shift(TimeSpan.FromDays(10));
        await server.RunRemindersAsync();
        blobs.Add(await Root.EncryptAsync(rotating));
        var pair = await Root.PairAsync("EC_SM2");
        var bare = await Root.EncryptAsync(pair);
        var signer = await Root.PairAsync("EC_P256K");
        Args signed = [("Algorithm", "ECDSA_SHA_256"), ("Digest", Catalogue.Base64Of(32))];
        var signature = (await Root.OkAsync("AsymmetricSign", signer.With(signed)))["Value"];
        var publicKey = (await Root.OkAsync("GetPublicKey", signer.With()))["PublicKey"];
        var rsa = await Root.PairAsync("RSA_2048", "SIGN/VERIFY");
        string[] keys = [rotating, pair.KeyId, signer.KeyId, rsa.KeyId];
        var before = await PicturesAsync(keys);

        await RestartAsync(TimeSpan.Zero);

        Assert.Equal(before, await PicturesAsync(keys));
        foreach (var blob in blobs) Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
        var decrypted = await Root.OkAsync(
            "AsymmetricDecrypt", pair.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", bare)));
        Assert.Equal("aGVsbG8=", decrypted["Plaintext"]);
        Assert.Equal(publicKey, (await Root.OkAsync("GetPublicKey", signer.With()))["PublicKey"]);
        Assert.True((await Root.OkAsync("AsymmetricVerify", signer.With([.. signed, ("Value", signature)]))).Truth("Value"));
        await Root.OkAsync(
            "AsymmetricSign", rsa.With(("Algorithm", "RSA_PSS_SHA_256"), ("Digest", Catalogue.Base64Of(32))));
        Assert.Equal(2, (await Root.VersionsAsync(rotating)).Count);
        server.Clock.Shift(TimeSpan.FromDays(10));
        await server.RunRemindersAsync();
        Assert.Equal(3, (await Root.VersionsAsync(rotating)).Count);
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
