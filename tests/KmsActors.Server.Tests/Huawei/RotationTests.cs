using System.Globalization;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Rotation by an interval in days.</summary>
public sealed class RotationTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    [Fact]
    public async Task Policy_SwitchedOnAndOff_IsReported()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        await ReportsAsync(project, keyId, false, 365, "", 0);
        await project.RefusedAsync("KMS.0313", "update-key-rotation-interval", Interval(keyId, 30));

        await project.OkAsync("enable-key-rotation", new { key_id = keyId });
        await ReportsAsync(project, keyId, true, 365, "", 0);
        Assert.Equal("true", (await project.DescribeAsync(keyId))["key_info.key_rotation_enabled"]);
        await project.OkAsync("update-key-rotation-interval", Interval(keyId, 30));
        await ReportsAsync(project, keyId, true, 30, "", 0);

        // What is on already stays as it is, interval and all.
        var before = server.Commits();
        await project.OkAsync("enable-key-rotation", new { key_id = keyId });
        await ReportsAsync(project, keyId, true, 30, "", 0);
        Assert.Equal(before, server.Commits());

        await project.OkAsync("disable-key-rotation", new { key_id = keyId });
        await ReportsAsync(project, keyId, false, 365, "", 0);
        Assert.Equal("false", (await project.DescribeAsync(keyId))["key_info.key_rotation_enabled"]);
        before = server.Commits();
        await project.OkAsync("disable-key-rotation", new { key_id = keyId });
        Assert.Equal(before, server.Commits());
        await project.RefusedAsync("KMS.0313", "update-key-rotation-interval", Interval(keyId, 30));
    }

    [Fact]
    public async Task Key_WhoseIntervalHasPassed_IsRotatedAndDecryptsWhatWasBefore()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        await project.OkAsync("enable-key-rotation", new { key_id = keyId });
        await project.OkAsync("update-key-rotation-interval", Interval(keyId, 30));
        List<string> ciphertexts = [];
        List<string> dataKeys = [];
        for (var rotations = 0; rotations < 3; rotations++)
        {
            var last = rotations == 0 ? "" : Milliseconds(server.Clock.GetUtcNow());
            await ReportsAsync(project, keyId, true, 30, last, rotations);
            ciphertexts.Add(await project.EncryptAsync(keyId));
            dataKeys.Add(await project.DataKeyAsync(keyId));
            server.Clock.Shift(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
            await server.RunRemindersAsync();
            await ReportsAsync(project, keyId, true, 30, last, rotations);
            server.Clock.Shift(TimeSpan.FromSeconds(1));
            await server.RunRemindersAsync();
        }

        foreach (var ciphertext in ciphertexts) Assert.Equal("hello", await project.DecryptAsync(ciphertext));
        foreach (var dataKey in dataKeys)
        {
            var fields = new { key_id = keyId, cipher_text = dataKey, datakey_cipher_length = "32" };
            Assert.Equal(64, (await project.OkAsync("decrypt-datakey", fields))["data_key"].Length);
        }

        // The other protocol has a version for each of them.
        Assert.Equal(4, (await project.Tenant.VersionsAsync(keyId)).Count);
        await project.OkAsync("disable-key-rotation", new { key_id = keyId });
        server.Clock.Shift(TimeSpan.FromDays(400));
        await server.RunRemindersAsync();
        Assert.Equal(3, (await StatusAsync(project, keyId)).Number("number_of_rotations"));
    }

    [Fact]
    public async Task Key_ThatIsDisabled_IsRotatedWhenItIsEnabled()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        await project.OkAsync("enable-key-rotation", new { key_id = keyId });
        await project.OkAsync("disable-key", new { key_id = keyId });
        server.Clock.Shift(TimeSpan.FromDays(365));
        await server.RunRemindersAsync();
        Assert.Equal(0, (await StatusAsync(project, keyId)).Number("number_of_rotations"));
        await project.OkAsync("enable-key", new { key_id = keyId });
        await server.RunRemindersAsync();
        Assert.Equal(1, (await StatusAsync(project, keyId)).Number("number_of_rotations"));
    }

    [Fact]
    public async Task Interval_OfTheOtherProtocol_IsReportedInDays()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.Tenant.RotatingKeyAsync("45d");
        await ReportsAsync(project, keyId, true, 45, "", 0);
        await project.OkAsync("update-key-rotation-interval", Interval(keyId, 30));
        var described = await project.Tenant.DescribeAsync(keyId);
        Assert.Equal("2592000s", described["KeyMetadata.RotationInterval"]);
    }

    private static object Interval(string keyId, int days) => new { key_id = keyId, rotation_interval = days };

    private static string Milliseconds(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static Task<HuaweiAnswer> StatusAsync(Project project, string keyId) =>
        project.OkAsync("get-key-rotation-status", new { key_id = keyId });

    private static async Task ReportsAsync(
        Project project, string keyId, bool isEnabled, int days, string last, int rotations)
    {
        var status = await StatusAsync(project, keyId);
        Assert.Equal(isEnabled, status.Truth("key_rotation_enabled"));
        Assert.Equal(days, status.Number("rotation_interval"));
        Assert.Equal(last, status["last_rotation_time"]);
        Assert.Equal(rotations, status.Number("number_of_rotations"));
    }
}
