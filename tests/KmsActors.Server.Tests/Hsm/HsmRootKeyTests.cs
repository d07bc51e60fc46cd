using System.Diagnostics;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.DependencyInjection;

namespace KmsActors.Server.Tests.Hsm;

/// <summary>The root key and a token: sealed by a key in it, and going over to another version in it, too.</summary>
public sealed class HsmRootKeyTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-hsm-root-").FullName;
    private readonly SoftHsmToken _token = new();

    private string Data => Path.Combine(_directory, "data");

    public void Dispose()
    {
        _token.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task InToken_RootKeyIsSealedThereAndNowhereElse()
    {
        byte[] ciphertext;
        await using (var server = await OpenAsync(_token, "--Kms:RootKey:InToken=true"))
            ciphertext = await server.Kms.EncryptAsync(ProtectionLevel.Software);
        Assert.False(File.Exists(Path.Combine(Data, "root.key")));
        Assert.Equal(2, _token.CountObjects());

        using var another = new SoftHsmToken();
        Assert.Contains(
            "does not open the root key", await RefusedAsync(another, "--Kms:RootKey:InToken=true"), StringComparison.Ordinal);
        Assert.Equal(0, another.CountObjects());
        var file = Path.Combine(_directory, "root.key");
        RootKeyFile.LoadOrCreate(file).Dispose();
        Assert.Contains(
            "It is sealed by token, not by a key file", await RefusedAsync(_token, $"--Kms:RootKey:File={file}"),
            StringComparison.Ordinal);

        await using (var server = await OpenAsync(_token, "--Kms:RootKey:InToken=true"))
            Assert.Equal("secret", await server.Kms.DecryptAsync(ciphertext));

        // Out of the token, and into it again.
        string[] toFile = [$"--Kms:RootKey:File={file}", "--Kms:FormerRootKey:InToken=true"];
        await using (var server = await OpenAsync(_token, toFile))
            Assert.Equal("secret", await server.Kms.DecryptAsync(ciphertext));
        await using (var server = await OpenAsync(_token, "--Kms:RootKey:InToken=true", $"--Kms:FormerRootKey:File={file}"))
            Assert.Equal("secret", await server.Kms.DecryptAsync(ciphertext));
    }

    [Fact]
    public async Task Rotation_KeysInTheTokenGoOverToItsNewRootKey_AndTheOldOneIsDestroyed()
    {
        byte[] inToken, inSoftware;
        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            inToken = await server.Kms.EncryptAsync(ProtectionLevel.Hsm);
            inSoftware = await server.Kms.EncryptAsync(ProtectionLevel.Software);
            Assert.Equal(1, _token.CountObjects());
            await RotateAsync(server, 2);
            Assert.Equal("secret", await server.Kms.DecryptAsync(inToken));
            Assert.Equal("secret", await server.Kms.DecryptAsync(inSoftware));
            // What is open in the token are session objects.
            Assert.Equal(1, _token.CountObjects());
            await server.App.StopAsync();
        }

        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            Assert.Equal("secret", await server.Kms.DecryptAsync(inToken));
            await RotateAsync(server, 3);
            Assert.Equal("secret", await server.Kms.DecryptAsync(inToken));
            Assert.Equal("secret", await server.Kms.DecryptAsync(inSoftware));
            Assert.Equal(1, _token.CountObjects());
            await server.App.StopAsync();
        }
    }

    [Fact]
    public async Task TwoServices_InOneToken_HaveKeysOfTheirOwn()
    {
        byte[] first;
        await using (var server = await OpenAsync(_token)) first = await server.Kms.EncryptAsync(ProtectionLevel.Hsm);
        var data = Data;
        Directory.Move(data, data + ".first");
        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            var second = await server.Kms.EncryptAsync(ProtectionLevel.Hsm);
            Assert.Equal(2, _token.CountObjects());
            await RotateAsync(server, 2);
            Assert.Equal("secret", await server.Kms.DecryptAsync(second));
            Assert.Equal(2, _token.CountObjects());
            await server.App.StopAsync();
        }

        Directory.Delete(data, recursive: true);
        Directory.Move(data + ".first", data);
        await using (var server = await OpenAsync(_token))
            Assert.Equal("secret", await server.Kms.DecryptAsync(first));
    }

    private static async Task RotateAsync(KmsServer server, long version)
    {
        var rootKeys = server.App.Services.GetRequiredService<RootKeyKeeper>();
        var jobs = server.App.Services.GetRequiredService<FleetJobs>();
        Assert.Equal(version, await rootKeys.RotateAsync(default));
        Assert.Null(await rootKeys.RotateAsync(default));
        Assert.NotNull(await jobs.StartAsync(jobs.Find(RewrapJob.JobName)!, default));
        var watch = Stopwatch.StartNew();
        while ((await jobs.RunsOfAsync(jobs.Find(RewrapJob.JobName)!, 1, default))[0].State != JobRunState.Succeeded)
        {
            Assert.True(watch.Elapsed < Patience, "the job has not ended");
            await Task.Delay(50);
        }

        Assert.Equal([version], (await rootKeys.Table.RootKeysAsync(default)).Select(key => key.Version));
    }

    private Task<KmsServer> OpenAsync(SoftHsmToken token, params string[] more) => KmsServer.OpenAsync(
        [
            $"--data={Data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", $"--Kms:Hsm:Library={token.Library}",
            $"--Kms:Hsm:TokenLabel={token.Label}", $"--KMS_HSM_PIN={SoftHsmToken.Pin}", .. more,
        ],
        TimeProvider.System);

    private async Task<string> RefusedAsync(SoftHsmToken token, params string[] more)
    {
        var refused = await Assert.ThrowsAnyAsync<StartException>(
            async () => await (await OpenAsync(token, more)).DisposeAsync());
        return refused.Message;
    }
}
