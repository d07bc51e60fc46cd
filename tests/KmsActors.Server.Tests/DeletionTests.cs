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

    [Theory]
    [InlineData("EC_SM2")]
    [InlineData("EC_P256")]
    public async Task Pair_AtItsDeletionDate_IsNotFoundBeforeAnyReminder(string spec)
    {
        var keyId = (await Root.PairAsync(spec)).KeyId;
        server.Clock.ShiftTo(await ScheduleAsync(keyId));
        await AllNotFoundAsync(keyId);
        await server.RunRemindersAsync();
        await AllNotFoundAsync(keyId);
    }

    [Fact]
    public async Task Key_ThatRotates_AfterItsDeletionHasNoReminderLeft()
    {
        var keyId = await Root.RotatingKeyAsync();
        var due = await ScheduleAsync(keyId);
        Assert.Equal(1L, server.Query("SELECT count(*) FROM reminders WHERE name = $name", ("$name", keyId)));
        server.Clock.ShiftTo(due);
        await server.RunRemindersAsync();
        Assert.Equal(0L, server.Query("SELECT count(*) FROM reminders WHERE name = $name", ("$name", keyId)));
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
        var (deleted, kept) = (await Root.RotatingKeyAsync(), await Root.KeyAsync());
        var pair = (await Root.PairAsync("EC_SM2")).KeyId;
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        var gone = MaterialOf(deleted).Concat(MaterialOf(pair)).ToList();
        var there = Assert.Single(MaterialOf(kept));
        Assert.Equal(3, gone.Count);
        await ScheduleAsync(deleted);
        server.Clock.ShiftTo(await ScheduleAsync(pair));
        await server.RunRemindersAsync();
        await server.StopAsync();
        try
        {
            var files = Directory.GetFiles(server.Data, "kms.db*").Select(File.ReadAllBytes).ToList();
            Assert.Contains(files, file => file.AsSpan().IndexOf(there) >= 0);
            Assert.DoesNotContain(files, file => gone.Any(material => file.AsSpan().IndexOf(material) >= 0));
        }
        finally
        {
            await server.StartAsync();
        }
    }

    // The material of each version as the row has it, to the letter.
    private List<byte[]> MaterialOf(string keyId)
    {
        var row = (byte[])server.Query("SELECT state FROM grains WHERE name = $name", ("$name", keyId))!;
        var material = WrappedMaterial().Matches(Encoding.UTF8.GetString(row)).Select(match => match.Groups["it"].Value);
        Assert.All(material, text => Assert.True(text.Length > 60));
        return [.. material.Select(Encoding.UTF8.GetBytes)];
    }

    private async Task AllNotFoundAsync(string keyId, string? alias, string blob)
    {
        await AllNotFoundAsync(keyId);
        await Root.RefusedAsync(NotFound, null, "Decrypt", ("CiphertextBlob", blob));
        await Root.RefusedAsync(
            NotFound, null, "ExportDataKey", [("CiphertextBlob", blob), .. OutsidePair.Sm2.Target("SM2PKE")]);
        await Root.RefusedAsync(
            NotFound, null, "ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", await Root.KeyAsync()));
        if (alias is not null)
            await Root.RefusedAsync(NotFound, null, "Encrypt", ("KeyId", alias), ("Plaintext", "aGk="));
    }

    private async Task AllNotFoundAsync(string keyId)
    {
        (string, string) version = ("KeyVersionId", "x");
        var digest = ("Digest", Catalogue.Base64Of(32));
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
            ("CreateKeyVersion", []), ("DescribeKeyVersion", [version]), ("ListKeyVersions", []),
            ("UpdateRotationPolicy", [("EnableAutomaticRotation", "false")]),
            ("GenerateAndExportDataKey", OutsidePair.Sm2.Target("SM2PKE")), ("GetPublicKey", [version]),
            ("AsymmetricEncrypt", [version, ("Algorithm", "SM2PKE"), ("Plaintext", "aGk=")]),
            ("AsymmetricDecrypt", [version, ("Algorithm", "SM2PKE"), ("CiphertextBlob", "aGk=")]),
            ("AsymmetricSign", [version, ("Algorithm", "SM2DSA"), digest]),
            ("AsymmetricVerify", [version, ("Algorithm", "SM2DSA"), digest, ("Value", "aGk=")]),
        })
        {
            await Root.RefusedAsync(NotFound, null, action, [("KeyId", keyId), .. arguments]);
        }
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
