using Microsoft.AspNetCore.Http;

namespace KmsActors.Cli.Tests;

/// <summary>Where server and credentials come from, and where they do not go.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kmsctl-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://127.0.0.1/admin")]
    [InlineData("https://user:secret@127.0.0.1")]
    [InlineData("https://127.0.0.1?x")]
    public async Task Server_ThatIsNone_IsRefused(string url)
    {
        var run = await new Invocation().RunAsync("accounts", "list", "--server", url);
        run.AssertFailed(ExitCode.Usage, "The server is http:// or https://");
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ToAnotherMachineWithoutTls_IsNotSent()
    {
        var run = await Token("a-token").RunAsync("accounts", "list", "--server", "http://192.0.2.1");
        run.AssertFailed(ExitCode.Usage, "over https only");
    }

    [Fact]
    public async Task Files_OfTheDataDirectory_AreUsed()
    {
        Write("admin-token", "token-of-a-file\n");
        Write("root-credentials.json", """{"AccessKeyId":"id-of-a-file","AccessKeySecret":"12345678"}""");
        await using var stub = await StubServer.StartAsync(http => http.Response.WriteAsync(
            $$"""{"number":"{{http.Request.Headers.Authorization}}","KeyMetadata":{} }"""));
        string[] server = ["--server", stub.Address, "--data", _folder, "--json"];
        Assert.Equal("Bearer token-of-a-file", (await new Invocation().RunAsync([.. server, "accounts", "show", "1"]))["number"]);
        var signed = (await new Invocation().RunAsync([.. server, "keys", "describe", "1"]))["number"];
        Assert.Contains("Credential=id-of-a-file,", signed, StringComparison.Ordinal);

        // The environment comes before what happens to lie there, and the command line before both.
        var environment = stub.Invocation;
        Assert.Equal("Bearer token-of-the-tests", (await environment.RunAsync([.. server, "accounts", "show", "1"]))["number"]);
        var file = Write("other", "token-of-another\n");
        Assert.Equal("Bearer token-of-another", (await environment.RunAsync([.. server, "accounts", "show", "1", "--token-file", file]))["number"]);
    }

    [Theory]
    [InlineData("KMS_ACCESS_KEY_ID", "only-one", "go together")]
    [InlineData("KMS_ACCESS_KEY_SECRET", "only-one", "go together")]
    public async Task AccessKey_HalfGiven_IsRefused(string name, string value, string message)
    {
        var run = await new Invocation { Environment = new() { [name] = value } }.RunAsync("keys", "list", "--data", _folder);
        run.AssertFailed(ExitCode.Usage, message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"AccessKeyId\":\"a\\nb\",\"AccessKeySecret\":\"top-secret\"}")]
    public async Task AccessKeyFile_ThatIsNone_IsRefused(string content)
    {
        var file = Write("key.json", content);
        var run = await new Invocation().RunAsync("keys", "list", "--access-key-file", file);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.DoesNotContain("top-secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top secret")]
    [InlineData("top-secret\nmore")]
    [InlineData("top-sécret")]
    public async Task Token_Malformed_IsRefusedAndNotShown(string token)
    {
        var run = await Token(token).RunAsync("accounts", "list");
        run.AssertFailed(ExitCode.Usage, "The operator's token is malformed.");
        Assert.DoesNotContain("top", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_ThatIsNone_IsRefused()
    {
        var file = Write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        (await Token("t").RunAsync("accounts", "list", "--ca", file)).AssertFailed(ExitCode.Usage, file);
        (await Token("t").RunAsync("accounts", "list", "--ca", file + "x")).AssertFailed(ExitCode.Usage, file + "x");
        var empty = Write("empty.pem", "");
        (await Token("t").RunAsync("accounts", "list", "--ca", empty)).AssertFailed(ExitCode.Usage, "no certificate");
        var long_ = Write("long.pem", new string('a', 300_000));
        (await Token("t").RunAsync("accounts", "list", "--ca", long_)).AssertFailed(ExitCode.Usage, "longer than");
    }

    private static Invocation Token(string token) => new() { Environment = new() { ["KMS_ADMIN_TOKEN"] = token } };

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
