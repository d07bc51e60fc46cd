namespace KmsActors.Server.Tests;

/// <summary>Imported material that expires, and the key that outlives it.</summary>
public sealed class ExpiryTests(TestServer server) : IClassFixture<TestServer>
{
    private Tenant Root => server.Root;

    [Fact]
    public async Task Material_AtItsExpiry_IsGoneBeforeAndAfterTheReminder()
    {
        var (keyId, material, blob, expiry) = await ExpiringAsync();
        server.Clock.ShiftTo(expiry.AddTicks(-1));
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
        server.Clock.ShiftTo(expiry);
        await WaitsForImportAsync(keyId, blob);
        await server.RunRemindersAsync();
        await WaitsForImportAsync(keyId, blob);
        Assert.Equal("", (await Root.DescribeAsync(keyId))["KeyMetadata.MaterialExpireTime"]);

        await Root.ImportAsync(keyId, material);
        Assert.Equal("Enabled", await Root.StateAsync(keyId));
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
    }

    [Fact]
    public async Task Material_ImportedAgainBeforeAnyReminder_RevivesTheKey()
    {
        var (keyId, material, blob, expiry) = await ExpiringAsync();
        server.Clock.ShiftTo(expiry);
        await Root.ImportAsync(keyId, material, expiry.AddHours(1).ToUnixTimeSeconds());
        await server.RunRemindersAsync();
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
        server.Clock.ShiftTo(expiry.AddHours(1));
        await WaitsForImportAsync(keyId, blob);
    }

    [Fact]
    public async Task Material_OfADisabledKeyExpired_LeavesAKeyThatWaitsForImport()
    {
        var (keyId, material, blob, expiry) = await ExpiringAsync();
        await Root.OkAsync("DisableKey", ("KeyId", keyId));
        server.Clock.ShiftTo(expiry);
        await WaitsForImportAsync(keyId, blob);
        await server.RunRemindersAsync();
        await Root.ImportAsync(keyId, material);
        Assert.Equal("Enabled", await Root.StateAsync(keyId));
    }

    [Fact]
    public async Task Material_ExpiredWhilePendingDeletion_IsMissedOnlyAfterTheCancel()
    {
        var (keyId, _, blob, expiry) = await ExpiringAsync();
        await Root.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "7"));
        server.Clock.ShiftTo(expiry);
        Assert.Equal("PendingDeletion", await Root.StateAsync(keyId));
        await Root.RefusedAsync("Rejected.PendingDeletion", null, "Decrypt", ("CiphertextBlob", blob));
        await Root.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        await WaitsForImportAsync(keyId, blob);
        await server.RunRemindersAsync();
        await WaitsForImportAsync(keyId, blob);
    }

    [Fact]
    public async Task Material_DeletedByItsOwner_NeedsNoExpiry()
    {
        var (keyId, material, blob, expiry) = await ExpiringAsync();
        await Root.OkAsync("DeleteKeyMaterial", ("KeyId", keyId));
        await WaitsForImportAsync(keyId, blob);
        await Root.ImportAsync(keyId, material);
        server.Clock.ShiftTo(expiry.AddHours(1));
        await server.RunRemindersAsync();
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
    }

    private async Task<(string KeyId, byte[] Material, string Blob, DateTimeOffset Expiry)> ExpiringAsync()
    {
        var keyId = await Root.ExternalKeyAsync();
        var material = Tenant.NewMaterial();
        var expiry = DateTimeOffset.FromUnixTimeSeconds(server.Clock.GetUtcNow().ToUnixTimeSeconds() + 3600);
        await Root.ImportAsync(keyId, material, expiry.ToUnixTimeSeconds());
        return (keyId, material, await Root.EncryptAsync(keyId), expiry);
    }

    private async Task WaitsForImportAsync(string keyId, string blob)
    {
        Assert.Equal("PendingImport", await Root.StateAsync(keyId));
        await Root.RefusedAsync("Rejected.PendingImport", null, "Decrypt", ("CiphertextBlob", blob));
        await Root.RefusedAsync(
            "Rejected.PendingImport", null, "Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="));
        await Root.RefusedAsync("Rejected.StateModifiedFailed", null, "EnableKey", ("KeyId", keyId));
        await Root.RefusedAsync("Rejected.StateModifiedFailed", null, "DisableKey", ("KeyId", keyId));
    }
}
