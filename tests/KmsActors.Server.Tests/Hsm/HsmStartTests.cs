using KmsActors.Testing.SoftHsm;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests.Hsm;

/// <summary>What keeps a server with a hardware module from starting, and what one without does.</summary>
public sealed class HsmStartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-hsm-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Options_AllBad_AreAllNamed()
    {
        var message = await RefusedAsync(
            $"--Kms:Hsm:TokenLabel={new string('x', 33)}", "--Kms:Hsm:PinFile=x", "--Kms:Hsm:MostOpenKeys=63", "--Kms:MostNonces=0");
        foreach (var name in new[]
        {
            "Kms:Hsm:Library, Kms:Hsm:TokenLabel", "Kms:Hsm:TokenLabel", "Kms:Hsm:PinFile", "Kms:Hsm:MostOpenKeys", "Kms:MostNonces",
        })
            Assert.Contains($"{name}: ", message, StringComparison.Ordinal);
        Assert.Equal(5, message.Split(Environment.NewLine).Length);
        Assert.Contains("'Kms:Hsm:Libary'", await RefusedAsync("--Kms:Hsm:Libary=x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pin_AbsentTwiceWrongOrOpenToOthers_IsRefused()
    {
        using var token = new SoftHsmToken();
        var named = Named(token);
        var file = Path.Combine(_data, "pin");
        var fromFile = named.Append($"--Kms:Hsm:PinFile={file}").ToArray();
        Assert.Contains("KMS_HSM_PIN", await RefusedAsync(named), StringComparison.Ordinal);
        Assert.Contains(file, await RefusedAsync(fromFile), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, SoftHsmToken.Pin + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("0600", await RefusedAsync(fromFile), StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Contains("KMS_HSM_PIN", await RefusedAsync([.. fromFile, "--KMS_HSM_PIN=x"]), StringComparison.Ordinal);
        var wrong = await RefusedAsync([.. named, "--KMS_HSM_PIN=wrong PIN"]);
        Assert.Contains("CKR_PIN_INCORRECT", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong PIN", wrong, StringComparison.Ordinal);
        foreach (var bad in new[] { "", "\n", "two\nlines", new string('x', 256) })
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(file, bad);
            Assert.Contains("one line", await RefusedAsync(fromFile), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, SoftHsmToken.Pin + "\n");
        await using (await OpenAsync(fromFile))
        {
        }
    }

    [Fact]
    public async Task Token_MissingOrAnothers_IsRefusedAndLeftAsItWas()
    {
        using var token = new SoftHsmToken();
        using var another = new SoftHsmToken();
        string[] pin = [$"--KMS_HSM_PIN={SoftHsmToken.Pin}"];
        Assert.Contains(
            "/nowhere.so", await RefusedAsync([.. pin, "--Kms:Hsm:Library=/nowhere.so", "--Kms:Hsm:TokenLabel=x"]), StringComparison.Ordinal);
        Assert.Contains(
            "no token of the label",
            await RefusedAsync([.. pin, $"--Kms:Hsm:Library={token.Library}", "--Kms:Hsm:TokenLabel=none"]),
            StringComparison.Ordinal);
        await using (await OpenAsync([.. Named(token), .. pin]))
        {
        }

        Assert.Equal(1, token.CountObjects());
        var message = await RefusedAsync([.. Named(another), .. pin]);
        Assert.Contains("The token that Kms:Hsm names is not the one of", message, StringComparison.Ordinal);
        Assert.Equal(0, another.CountObjects());
        await using (await OpenAsync([.. Named(token), .. pin]))
        {
        }

        Assert.Equal(1, token.CountObjects());
    }

    private static string[] Named(SoftHsmToken token) =>
        [$"--Kms:Hsm:Library={token.Library}", $"--Kms:Hsm:TokenLabel={token.Label}"];

    private Task<KmsServer> OpenAsync(params string[] more) => KmsServer.OpenAsync(
        [
            $"--data={_data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", .. more,
        ],
        new FakeTimeProvider(DateTimeOffset.UtcNow));

    private async Task<string> RefusedAsync(params string[] more)
    {
        var failure = await Assert.ThrowsAsync<StartException>(async () =>
        {
            var opened = await OpenAsync(more);
            await opened.DisposeAsync();
        });
        return failure.Message;
    }
}
