using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests;

/// <summary>What keeps a server from starting, and whether it says so in words that help.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-start-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Options_AllBad_AreAllNamed()
    {
        var message = await RefusedAsync(
            "--Kms:Region=cn beijing", "--Kms:RootAccount=", "--Kms:MostNonces=0", "--Kms:MostActivations=-1",
            "--Kms:MostConnections=1000001", "--Kms:DrainSeconds=3601", "--Kms:Limits:KeysPerAccount=0",
            "--Kms:Limits:AliasesPerAccount=100000001", "--Kms:Limits:ImportTokensPerAccount=-5");
        foreach (var name in new[]
        {
            "Kms:Region", "Kms:RootAccount", "Kms:MostNonces", "Kms:MostActivations", "Kms:MostConnections",
            "Kms:DrainSeconds", "Kms:Limits:KeysPerAccount", "Kms:Limits:AliasesPerAccount",
            "Kms:Limits:ImportTokensPerAccount",
        })
        {
            Assert.Contains($"{name}: ", message, StringComparison.Ordinal);
        }

        Assert.Equal(9, message.Split(Environment.NewLine).Length);
    }

    [Theory]
    [InlineData("--Kms:MostNonces=many", "Kms:MostNonces")]
    [InlineData("--Kms:Limits:KeysPerAccount=1.5", "Kms:Limits:KeysPerAccount")]
    [InlineData("--Kms:Limits:KeysPerAccount=99999999999999999999", "Kms:Limits:KeysPerAccount")]
    [InlineData("--Kms:Regoin=cn-beijing", "Regoin")]
    [InlineData("--Kms:Limits:Keys=1", "Keys")]
    [InlineData("--data=", "Kms:Data")]
    public async Task Option_UnknownOrUnreadable_IsNamed(string argument, string name) =>
        Assert.Contains(name, await RefusedAsync(argument), StringComparison.Ordinal);

    [Theory]
    [InlineData("--port=80", "--port")]
    [InlineData("-v", "-v")]
    [InlineData("start", "start")]
    [InlineData("--data", "--data")]
    [InlineData("--Kms:Region", "--Kms:Region")]
    public void Argument_UnknownOrWithoutValue_IsNamed(string argument, string name) =>
        Assert.Contains($"'{name}'", CommandLine.ErrorIn([argument]), StringComparison.Ordinal);

    [Fact]
    public void Arguments_InBothSpellings_AreTaken() => Assert.Null(
        CommandLine.ErrorIn(["--data", _data, "--urls=http://[::1]:0", "--Kms:Region", "cn-beijing"]));

    [Fact]
    public async Task DataDirectory_OfAnotherServer_IsNotShared()
    {
        await using var first = await OpenAsync();
        var message = await RefusedAsync();
        Assert.Contains(_data, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataDirectory_AfterAFailedStart_IsFree()
    {
        await RefusedAsync("--KMS_ROOT_ACCESS_KEY_ID=only");
        await using var server = await OpenAsync();
    }

    [Fact]
    public async Task DataDirectory_ThatIsAFile_IsRefused()
    {
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "");
        Assert.Contains(file, await RefusedAsync($"--data={file}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RootKey_OfOtherData_IsRefusedAndItsOwnStillFits()
    {
        await using (await OpenAsync())
        {
        }

        var path = Path.Combine(_data, "root.key");
        File.Move(path, path + ".own");
        var message = await RefusedAsync();
        Assert.Contains(path, message, StringComparison.Ordinal);
        File.Move(path + ".own", path);
        await using var server = await OpenAsync();
    }

    [Fact]
    public async Task RootKey_Damaged_IsRefused()
    {
        await using (await OpenAsync())
        {
        }

        var path = Path.Combine(_data, "root.key");
        var own = await File.ReadAllBytesAsync(path);
        foreach (var wrong in new byte[][] { [], own[..^2], [.. own, 1], RandomNumberGenerator.GetBytes(own.Length) })
        {
            await File.WriteAllBytesAsync(path, wrong);
            Assert.Contains(path, await RefusedAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RootKey_OpenToOthers_IsRefused()
    {
        await using (await OpenAsync())
        {
        }

        var path = Path.Combine(_data, "root.key");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var message = await RefusedAsync();
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("0600", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_ThatIsNone_IsRefused()
    {
        var path = Path.Combine(_data, "kms.db");
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(8192));
        Assert.Contains(path, await RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", null, "KMS_ROOT_ACCESS_KEY_SECRET")]
    [InlineData(null, "long-enough-secret", "KMS_ROOT_ACCESS_KEY_ID")]
    [InlineData("id", "short", "KMS_ROOT_ACCESS_KEY_SECRET")]
    [InlineData("id", "with a space in it", "KMS_ROOT_ACCESS_KEY_SECRET")]
    [InlineData("i/d", "long-enough-secret", "KMS_ROOT_ACCESS_KEY_ID")]
    public async Task RootCredentials_HalfGivenOrMalformed_AreNamed(string? id, string? secret, string name)
    {
        string[] arguments =
        [
            .. id is null ? (string[])[] : [$"--KMS_ROOT_ACCESS_KEY_ID={id}"],
            .. secret is null ? (string[])[] : [$"--KMS_ROOT_ACCESS_KEY_SECRET={secret}"],
        ];
        var message = await RefusedAsync(arguments);
        Assert.StartsWith($"{name}: ", message, StringComparison.Ordinal);
        if (secret is not null) Assert.DoesNotContain(secret, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RootCredentialsFile_Damaged_IsRefused()
    {
        var path = Path.Combine(_data, "root-credentials.json");
        foreach (var wrong in new[] { "", "{", "null", "{}", """{"AccessKeyId":"a"}""" })
        {
            await File.WriteAllTextAsync(path, wrong);
            var arguments = new[] { $"--data={_data}", "--urls=http://127.0.0.1:0" };
            var failure = await Assert.ThrowsAsync<StartException>(
                () => KmsServer.OpenAsync(arguments, new FakeTimeProvider(DateTimeOffset.UtcNow)));
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PrivateFiles_OfANewDirectory_AreTheirUsersOnly()
    {
        var data = Path.Combine(_data, "new");
        await using (await OpenAsync($"--data={data}"))
        {
        }

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        var files = Directory.GetFiles(data);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(owner, File.GetUnixFileMode(file)));
        Assert.All(files, file => Assert.False(
            File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes("root-secret-of-the-tests")) >= 0));
    }

    [Fact]
    public async Task Jobs_SettingsThatAreWrong_AreAllNamed()
    {
        var message = await RefusedAsync(
            "--Kms:Jobs:ScrubSchedule=nonsense", "--Kms:Jobs:PruneSchedule=", "--Kms:Jobs:TombstonesSchedule=0 0 3 * * ?",
            "--Kms:Jobs:TombstoneDays=29", "--Kms:Jobs:RowsPerSecond=0", "--Kms:Jobs:CheckInSeconds=61");
        foreach (var name in new[]
        {
            "ScrubSchedule: ", "PruneSchedule: ", "TombstonesSchedule: ", "TombstoneDays: 29 ", "RowsPerSecond: 0 ", "CheckInSeconds: 61 ",
        })
            Assert.Contains($"Kms:Jobs:{name}", message, StringComparison.Ordinal);
    }

    private Task<KmsServer> OpenAsync(params string[] more) => KmsServer.OpenAsync(
        [
            $"--data={_data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", "--Kms:AllowCoreDumps=true", .. more,
        ],
        new FakeTimeProvider(DateTimeOffset.UtcNow));

    private async Task<string> RefusedAsync(params string[] more)
    {
        // One that is half given stands alone.
        string[] arguments = more.Any(m => m.StartsWith("--KMS_ROOT", StringComparison.Ordinal))
            ? [$"--data={_data}", "--urls=http://127.0.0.1:0", .. more]
            : [];
        var failure = await Assert.ThrowsAnyAsync<StartException>(async () =>
        {
            var opened = arguments.Length == 0
                ? await OpenAsync(more)
                : await KmsServer.OpenAsync(arguments, new FakeTimeProvider(DateTimeOffset.UtcNow));
            await opened.DisposeAsync();
        });
        return failure.Message;
    }
}
