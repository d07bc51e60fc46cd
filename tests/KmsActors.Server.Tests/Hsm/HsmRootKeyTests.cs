using System.Diagnostics;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.DependencyInjection;

namespace KmsActors.Server.Tests.Hsm;

/// <summary>The root key and a token: sealed by a key in it, and going over to another version in it, too.</summary>
public sealed class HsmRootKeyTests : IDisposable
{
    private const string Account = "1000000000000001";

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
            ciphertext = await EncryptAsync(server.Kms, ProtectionLevel.Software);
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
            Assert.Equal("secret", await DecryptAsync(server.Kms, ciphertext));

        // Out of the token, and into it again.
        string[] toFile = [$"--Kms:RootKey:File={file}", "--Kms:FormerRootKey:InToken=true"];
        await using (var server = await OpenAsync(_token, toFile))
            Assert.Equal("secret", await DecryptAsync(server.Kms, ciphertext));
        await using (var server = await OpenAsync(_token, "--Kms:RootKey:InToken=true", $"--Kms:FormerRootKey:File={file}"))
            Assert.Equal("secret", await DecryptAsync(server.Kms, ciphertext));
    }

    [Fact]
    public async Task Rotation_KeysInTheTokenGoOverToItsNewRootKey_AndTheOldOneIsDestroyed()
    {
        byte[] inToken, inSoftware;
        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            inToken = await EncryptAsync(server.Kms, ProtectionLevel.Hsm);
            inSoftware = await EncryptAsync(server.Kms, ProtectionLevel.Software);
            Assert.Equal(1, _token.CountObjects());
            await RotateAsync(server, 2);
            Assert.Equal("secret", await DecryptAsync(server.Kms, inToken));
            Assert.Equal("secret", await DecryptAsync(server.Kms, inSoftware));
            // What is open in the token are session objects.
            Assert.Equal(1, _token.CountObjects());
            await server.App.StopAsync();
        }

        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            Assert.Equal("secret", await DecryptAsync(server.Kms, inToken));
            await RotateAsync(server, 3);
            Assert.Equal("secret", await DecryptAsync(server.Kms, inToken));
            Assert.Equal("secret", await DecryptAsync(server.Kms, inSoftware));
            Assert.Equal(1, _token.CountObjects());
            await server.App.StopAsync();
        }
    }

    [Fact]
    public async Task TwoServices_InOneToken_HaveKeysOfTheirOwn()
    {
        byte[] first;
        await using (var server = await OpenAsync(_token)) first = await EncryptAsync(server.Kms, ProtectionLevel.Hsm);
        var data = Data;
        Directory.Move(data, data + ".first");
        await using (var server = await OpenAsync(_token))
        {
            await server.StartAsync();
            var second = await EncryptAsync(server.Kms, ProtectionLevel.Hsm);
            Assert.Equal(2, _token.CountObjects());
            await RotateAsync(server, 2);
            Assert.Equal("secret", await DecryptAsync(server.Kms, second));
            Assert.Equal(2, _token.CountObjects());
            await server.App.StopAsync();
        }

        Directory.Delete(data, recursive: true);
        Directory.Move(data + ".first", data);
        await using (var server = await OpenAsync(_token))
            Assert.Equal("secret", await DecryptAsync(server.Kms, first));
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

    private static async Task<byte[]> EncryptAsync(Kms kms, ProtectionLevel level)
    {
        var key = await OkAsync(kms, new CreateKey { ProtectionLevel = level });
        var encrypted = await OkAsync(kms, new Encrypt(
            KeyReference.ById(key.KeyId), "secret"u8.ToArray(), PlaintextForm.Bytes, EncryptionContext.Empty));
        return encrypted.Ciphertext;
    }

    private static async Task<string> DecryptAsync(Kms kms, byte[] ciphertext)
    {
        using var decrypted = await OkAsync(kms, new Decrypt(ciphertext, EncryptionContext.Empty));
        return Encoding.UTF8.GetString(decrypted.Plaintext.Span);
    }

    private static async Task<T> OkAsync<T>(Kms kms, IOperation<T> operation)
    {
        var context = new OperationContext(kms, Account, new TurnContext("test", ""), CancellationToken.None)
        {
            Rights = Rights.Full,
        };
        var outcome = await operation.RunAsync(context);
        Assert.False(outcome.Refused(out var refusal), $"{operation}: {refusal}");
        return outcome.Value;
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
