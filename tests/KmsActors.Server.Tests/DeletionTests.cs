using System.Text;
using System.Text.RegularExpressions;

namespace KmsActors.Server.Tests;

/// <summary>Scheduled deletion: what the clock alone does, what the reminder does, what is left.</summary>
public sealed partial class DeletionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string NotFound = "Forbidden.KeyNotFound";

    private Tenant Root => server.Root;

    [Fact]
    public async Task Key_AtItsDeletionDate_IsNotFoundBeforeAnyReminder()
    {
        var keyId = await Root.KeyAsync();
        var alias = await Root.AliasAsync(keyId);
        var blob = await Root.EncryptAsync(keyId);
        var due = await ScheduleAsync(keyId);

        server.Clock.ShiftTo(due.AddTicks(-1));
        Assert.Equal("PendingDeletion", await Root.StateAsync(keyId));
        server.Clock.ShiftTo(due);

        await AllNotFoundAsync(keyId, alias, blob);
        await server.RunRemindersAsync();
        await AllNotFoundAsync(keyId, null, blob);
    }

    [Fact]
    public async Task Key_AfterItsReminder_IsGoneFromListsAndCountsWithItsAliases()
    {
        var tenant = await server.NewTenantAsync();
        var (keyId, other) = (await tenant.KeyAsync(), await tenant.KeyAsync());
        var (first, second) = (await tenant.AliasAsync(keyId), await tenant.AliasAsync(keyId));
        var kept = await tenant.AliasAsync(other);
        server.Clock.ShiftTo(await ScheduleAsync(tenant, keyId));
        await server.RunRemindersAsync();

        Assert.Equal([other], await tenant.KeyIdsAsync());
        Assert.Equal([kept], await tenant.AliasNamesAsync());
        foreach (var alias in new[] { first, second })
        {
            await tenant.RefusedAsync("Forbidden.AliasNotFound", null, "DescribeKey", ("KeyId", alias));
            await tenant.OkAsync("CreateAlias", ("AliasName", alias), ("KeyId", other));
        }

        Assert.Equal(3, (await tenant.AliasNamesAsync()).Count);
        Assert.Equal(0L, server.Query(
            "SELECT count(*) FROM reminders WHERE name = $name", ("$name", keyId)));
    }

    [Fact]
    public async Task Cancel_OneTickBefore_KeepsTheKeyForGood()
    {
        var keyId = await Root.KeyAsync();
        var blob = await Root.EncryptAsync(keyId);
        var due = await ScheduleAsync(keyId);
        server.Clock.ShiftTo(due.AddTicks(-1));
        await Root.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        server.Clock.ShiftTo(due.AddDays(1));
        await server.RunRemindersAsync();

        Assert.Equal("Enabled", await Root.StateAsync(keyId));
        Assert.Equal("", (await Root.DescribeAsync(keyId))["KeyMetadata.DeleteDate"]);
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
    }

    [Fact]
    public async Task Schedule_AfterACancel_CountsFromTheSecondTime()
    {
        var keyId = await Root.KeyAsync();
        var first = await ScheduleAsync(keyId);
        await Root.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        server.Clock.Shift(TimeSpan.FromDays(1));
        var second = await ScheduleAsync(keyId);
        server.Clock.ShiftTo(first);
        await server.RunRemindersAsync();
        Assert.Equal("PendingDeletion", await Root.StateAsync(keyId));
        server.Clock.ShiftTo(second);
        await Root.RefusedAsync(NotFound, null, "DescribeKey", ("KeyId", keyId));
    }

    [Fact]
    public async Task Pump_OnceASecondHasPassed_DeletesWhatIsDue()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        server.Clock.ShiftTo(await ScheduleAsync(tenant, keyId));
        await Eventually.TrueAsync(async () =>
        {
            // The pump's next look is a second of its clock away from its last.
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await tenant.KeyIdsAsync()).Count == 0;
        });
    }

    [Fact]
    public async Task DatabaseFile_AfterDeletionAndShutdown_HoldsNothingOfTheMaterial()
    {
        var (deleted, kept) = (await Root.KeyAsync(), await Root.KeyAsync());
        var (gone, there) = (MaterialOf(deleted), MaterialOf(kept));
        server.Clock.ShiftTo(await ScheduleAsync(deleted));
        await server.RunRemindersAsync();
        await server.StopAsync();
        try
        {
            var files = Directory.GetFiles(server.Data, "kms.db*").Select(File.ReadAllBytes).ToList();
            Assert.Contains(files, file => file.AsSpan().IndexOf(there) >= 0);
            Assert.DoesNotContain(files, file => file.AsSpan().IndexOf(gone) >= 0);
        }
        finally
        {
            await server.StartAsync();
        }
    }

    // The material as the row has it, to the letter.
    private byte[] MaterialOf(string keyId)
    {
        var row = (byte[])server.Query("SELECT state FROM grains WHERE name = $name", ("$name", keyId))!;
        var material = WrappedMaterial().Match(Encoding.UTF8.GetString(row)).Groups["it"].Value;
        Assert.True(material.Length > 80);
        return Encoding.UTF8.GetBytes(material);
    }

    private async Task AllNotFoundAsync(string keyId, string? alias, string blob)
    {
        foreach (var (action, arguments) in new (string, Args)[]
        {
            ("EnableKey", []), ("DisableKey", []), ("CancelKeyDeletion", []), ("DescribeKey", []),
            ("DeleteKeyMaterial", []), ("ListAliasesByKeyId", []), ("ListResourceTags", []), ("GenerateDataKey", []),
            ("GenerateDataKeyWithoutPlaintext", []), ("Encrypt", [("Plaintext", "aGk=")]),
            ("ScheduleKeyDeletion", [("PendingWindowInDays", "7")]),
            ("GetParametersForImport", [("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048")]),
            ("ImportKeyMaterial",
                [("ImportToken", Catalogue.Base64Of(160)), ("EncryptedKeyMaterial", Catalogue.Base64Of(256))]),
            ("CreateAlias", [("AliasName", Tenant.NewAliasName())]),
            ("UpdateAlias", [("AliasName", await Root.AliasAsync(await Root.KeyAsync()))]),
            ("TagResource", [("Tags", """[{"TagKey":"a","TagValue":"b"}]""")]),
            ("UntagResource", [("TagKeys", """["a"]""")]),
            ("UpdateKeyDescription", [("Description", "d")]),
        })
        {
            await Root.RefusedAsync(NotFound, null, action, [("KeyId", keyId), .. arguments]);
        }

        await Root.RefusedAsync(NotFound, null, "Decrypt", ("CiphertextBlob", blob));
        await Root.RefusedAsync(
            NotFound, null, "ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", await Root.KeyAsync()));
        if (alias is not null)
            await Root.RefusedAsync(NotFound, null, "Encrypt", ("KeyId", alias), ("Plaintext", "aGk="));
    }

    private Task<DateTimeOffset> ScheduleAsync(string keyId) => ScheduleAsync(Root, keyId);

    private async Task<DateTimeOffset> ScheduleAsync(Tenant tenant, string keyId)
    {
        var now = server.Clock.GetUtcNow();
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "7"));
        return now.AddDays(7);
    }

    [GeneratedRegex("\"WrappedMaterial\":\"(?<it>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex WrappedMaterial();
}
