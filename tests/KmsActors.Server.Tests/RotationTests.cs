namespace KmsActors.Server.Tests;

/// <summary>Automatic rotation: on its instant, once, and without taking anything from what was before.</summary>
public sealed class RotationTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Policy = "UpdateRotationPolicy";

    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);

    private Tenant Root => server.Root;

    private DateTimeOffset Now => server.Clock.GetUtcNow();

    [Theory]
    [InlineData("Aliyun_AES_256")]
    [InlineData("Aliyun_SM4")]
    public async Task Key_AtItsRotationDate_RotatesAndNotATickBefore(string spec)
    {
        var keyId = await Root.KeyAsync(
            ("KeySpec", spec), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d"));
        var created = Now;
        var first = Assert.Single(await Root.VersionsAsync(keyId));
        await ShowsAsync(keyId, first, created, "Enabled", created + s_week);

        await PassAsync(created + s_week - TimeSpan.FromTicks(1));
        Assert.Equal([first], await Root.VersionsAsync(keyId));
        await PassAsync(created + s_week);

        var versions = await Root.VersionsAsync(keyId);
        Assert.Equal(2, versions.Distinct().Count());
        Assert.Equal(first, versions[0]);
        await ShowsAsync(keyId, versions[1], Now, "Enabled", Now + s_week);
        Assert.Equal(Time(created), (await Root.DescribeAsync(keyId))["KeyMetadata.CreationDate"]);
    }

    [Fact]
    public async Task Key_AfterALongDowntime_RotatesOnceAndThenAWeekLater()
    {
        var keyId = await Root.RotatingKeyAsync();
        await PassAsync(Now + TimeSpan.FromDays(100));
        var rotated = Now;
        await server.RunRemindersAsync();
        var versions = await Root.VersionsAsync(keyId);
        Assert.Equal(2, versions.Count);
        await ShowsAsync(keyId, versions[1], rotated, "Enabled", rotated + s_week);

        await PassAsync(rotated + s_week - TimeSpan.FromTicks(1));
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
        await PassAsync(rotated + s_week);
        Assert.Equal(3, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task Key_WithoutAnyReminder_DoesNotRotateByItself()
    {
        var keyId = await Root.RotatingKeyAsync();
        server.Clock.Shift(TimeSpan.FromDays(8));
        var blob = await Root.EncryptAsync(keyId);
        Assert.Single(await Root.VersionsAsync(keyId));
        await server.RunRemindersAsync();
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
    }

    [Fact]
    public async Task Pump_OnceASecondHasPassed_RotatesWhatIsDue()
    {
        var keyId = await Root.RotatingKeyAsync();
        server.Clock.Shift(s_week);
        await Eventually.TrueAsync(async () =>
        {
            // The pump's next look is a second of its clock away from its last.
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await Root.VersionsAsync(keyId)).Count == 2;
        });
    }

    [Fact]
    public async Task Key_RotatedManyTimes_EncryptsWithTheNewestAndDecryptsAll()
    {
        var keyId = await Root.RotatingKeyAsync();
        var destination = await Root.KeyAsync();
        List<(string Blob, string Version)> made = [];
        for (var rotation = 0; rotation < 6; rotation++)
        {
            if (rotation > 0) await PassAsync(Now + s_week);
            var primary = (await Root.VersionsAsync(keyId))[^1];
            foreach (var (action, more) in new (string, Args)[]
            {
                ("Encrypt", [("Plaintext", "aGVsbG8=")]), ("GenerateDataKey", []), ("GenerateDataKeyWithoutPlaintext", []),
                ("GenerateAndExportDataKey", OutsidePair.Sm2.Target("SM2PKE")),
            })
            {
                var answer = await Root.OkAsync(action, [("KeyId", keyId), .. more]);
                Assert.Equal(primary, answer["KeyVersionId"]);
                made.Add((answer["CiphertextBlob"], primary));
            }
        }

        Assert.Equal(await Root.VersionsAsync(keyId), made.Select(each => each.Version).Distinct());
        foreach (var (blob, version) in made)
        {
            var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", blob));
            Assert.Equal((keyId, version), (decrypted["KeyId"], decrypted["KeyVersionId"]));
            var moved = await Root.OkAsync("ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", keyId));
            Assert.Equal(made[^1].Version, moved["KeyVersionId"]);
            Assert.Equal(decrypted["Plaintext"], await Root.DecryptAsync(moved["CiphertextBlob"]));
            moved = await Root.OkAsync("ReEncrypt", ("CiphertextBlob", blob), ("DestinationKeyId", destination));
            Assert.Equal(destination, moved["KeyId"]);
        }
    }

    [Theory]
    [InlineData("DisableKey", "EnableKey", "Disabled")]
    [InlineData("ScheduleKeyDeletion", "CancelKeyDeletion", "PendingDeletion")]
    public async Task Key_OutOfUse_IsSuspendedAndRotatesAsSoonAsItIsInUse(string leave, string back, string state)
    {
        var keyId = await Root.RotatingKeyAsync();
        var (created, first) = (Now, Assert.Single(await Root.VersionsAsync(keyId)));
        await Root.OkAsync(leave, ("KeyId", keyId), ("PendingWindowInDays", "30"));
        await ShowsAsync(keyId, first, created, "Suspended", created + s_week);

        await PassAsync(created + TimeSpan.FromDays(20));
        Assert.Equal(state, await Root.StateAsync(keyId));
        await ShowsAsync(keyId, first, created, "Suspended", created + s_week);
        Assert.Equal([first], await Root.VersionsAsync(keyId));

        await Root.OkAsync(back, ("KeyId", keyId));
        await ShowsAsync(keyId, first, created, "Enabled", created + s_week);
        await server.RunRemindersAsync();
        var versions = await Root.VersionsAsync(keyId);
        Assert.Equal(2, versions.Count);
        await ShowsAsync(keyId, versions[1], Now, "Enabled", Now + s_week);
    }

    [Theory]
    [InlineData("DisableKey", "EnableKey")]
    [InlineData("ScheduleKeyDeletion", "CancelKeyDeletion")]
    public async Task Key_InUseAgainInTime_RotatesOnItsOldDate(string leave, string back)
    {
        var keyId = await Root.RotatingKeyAsync();
        var due = Now + s_week;
        server.Clock.Shift(TimeSpan.FromDays(2));
        await Root.OkAsync(leave, ("KeyId", keyId), ("PendingWindowInDays", "30"));
        server.Clock.Shift(TimeSpan.FromDays(2));
        await Root.OkAsync(back, ("KeyId", keyId));
        await PassAsync(due - TimeSpan.FromTicks(1));
        Assert.Single(await Root.VersionsAsync(keyId));
        await PassAsync(due);
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task Policy_OfADisabledKeyThatWaitedForDeletion_IsInForceAgain()
    {
        var keyId = await Root.RotatingKeyAsync();
        await Root.OkAsync("DisableKey", ("KeyId", keyId));
        await Root.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "30"));
        await PassAsync(Now + s_week);
        await Root.OkAsync("CancelKeyDeletion", ("KeyId", keyId));
        await server.RunRemindersAsync();
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task Policy_SwitchedOffAndOn_EndsRotationAndBeginsItAgain()
    {
        var keyId = await Root.RotatingKeyAsync();
        var (created, first) = (Now, Assert.Single(await Root.VersionsAsync(keyId)));
        await Root.OkAsync(Policy, ("KeyId", keyId), ("EnableAutomaticRotation", "false"));
        await PassAsync(created + s_week);
        await ShowsAsync(keyId, first, created, "Disabled", null);

        await UpdateAsync(keyId, "10d");
        await ShowsAsync(keyId, first, created, "Enabled", created.AddDays(10));
        await PassAsync(created.AddDays(10).AddTicks(-1));
        Assert.Single(await Root.VersionsAsync(keyId));
        await PassAsync(created.AddDays(10));
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task Policy_MadeLonger_PutsTheRotationOff()
    {
        var keyId = await Root.RotatingKeyAsync();
        var created = Now;
        await UpdateAsync(keyId, "9d");
        await PassAsync(created.AddDays(9).AddTicks(-1));
        Assert.Single(await Root.VersionsAsync(keyId));
        await PassAsync(created.AddDays(9));
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Policy_OverdueFromTheStart_RotatesAtOnce(bool hadOne)
    {
        var keyId = hadOne ? await Root.RotatingKeyAsync("30d") : await Root.KeyAsync();
        var created = Now;
        await PassAsync(created.AddDays(8));
        Assert.Single(await Root.VersionsAsync(keyId));
        await UpdateAsync(keyId, "8d");
        Assert.Equal(Time(created.AddDays(8)), (await Root.DescribeAsync(keyId))["KeyMetadata.NextRotationDate"]);
        await server.RunRemindersAsync();
        Assert.Equal(2, (await Root.VersionsAsync(keyId)).Count);
        await PassAsync(created.AddDays(16));
        Assert.Equal(3, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task Policy_TheSameAgain_ChangesNothing()
    {
        var keyId = await Root.RotatingKeyAsync();
        var before = server.Commits();
        await UpdateAsync(keyId, "168h");
        Assert.Equal(before, server.Commits());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Policy_OfKeysThatCannotHaveOne_IsRefused(string enable)
    {
        Args policy = [("EnableAutomaticRotation", enable), ("RotationInterval", "7d")];
        foreach (var (keyId, code) in new[]
        {
            (await Root.ExternalKeyAsync(), "Unsupported.Origin"),
            (await Root.KeyAsync(("KeySpec", "EC_P256")), "Rejected.UnsupportedOperation"),
            (await Root.KeyAsync(("KeySpec", "EC_SM2")), "Rejected.UnsupportedOperation"),
        })
        {
            await Root.RefusedAsync(code, null, Policy, [("KeyId", keyId), .. policy]);
        }
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private Task<Answer> UpdateAsync(string keyId, string interval) => Root.OkAsync(
        Policy, ("KeyId", keyId), ("EnableAutomaticRotation", "true"), ("RotationInterval", interval));

    private async Task PassAsync(DateTimeOffset until)
    {
        server.Clock.ShiftTo(until);
        await server.RunRemindersAsync();
    }

    private async Task ShowsAsync(string keyId, string primary, DateTimeOffset last, string rotation, DateTimeOffset? next)
    {
        var key = await Root.DescribeAsync(keyId);
        Assert.Equal(primary, key["KeyMetadata.PrimaryKeyVersion"]);
        Assert.Equal(Time(last), key["KeyMetadata.LastRotationDate"]);
        Assert.Equal(rotation, key["KeyMetadata.AutomaticRotation"]);
        Assert.Equal(next is not null, key.Has("KeyMetadata.NextRotationDate"));
        Assert.Equal(next is not null, key.Has("KeyMetadata.RotationInterval"));
        if (next is not null) Assert.Equal(Time(next.Value), key["KeyMetadata.NextRotationDate"]);
    }
}
