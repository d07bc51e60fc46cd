using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Where the operator's token comes from, and what keeps a server from starting.</summary>
public sealed class TokenTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-operator-").FullName;

    private string TokenFile => Path.Combine(_data, "admin-token");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("x")]
    [InlineData("1234567890123456789012345678901")]
    [InlineData("12345678901234567890123456789 12")]
    [InlineData("1234567890123456789012345678901é")]
    [InlineData("x*257")]
    public async Task Given_ButNone_IsRefused_AndNotRepeated(string value)
    {
        var token = Huawei.HuaweiJson.Expand(value);
        var failure = await Assert.ThrowsAsync<StartException>(() => OpenAsync($"--KMS_ADMIN_TOKEN={token}"));
        Assert.StartsWith("KMS_ADMIN_TOKEN: ", failure.Message, StringComparison.Ordinal);
        if (token.Length > 1) Assert.DoesNotContain(token, failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(TokenFile));
    }

    [Theory]
    [InlineData("!2345678901234567890123456789~12")]
    [InlineData("x*256")]
    public async Task Given_IsTaken_AndKeptNowhere(string value)
    {
        var token = Huawei.HuaweiJson.Expand(value);
        await using (var server = await OpenAsync($"--KMS_ADMIN_TOKEN={token}"))
            Assert.Equal(200, await CallAsync(server, token));
        Assert.False(File.Exists(TokenFile));
        foreach (var file in Directory.GetFiles(_data))
            Assert.DoesNotContain(token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotGiven_IsMadeInAPrivateFile_AndStaysGood_UntilOneIsGiven()
    {
        string made;
        await using (var server = await OpenAsync())
        {
            made = (await File.ReadAllTextAsync(TokenFile)).TrimEnd('\n');
            Assert.Matches("^[A-Za-z0-9]{40}$", made);
            Assert.Equal(Private, File.GetUnixFileMode(TokenFile));
            Assert.Equal(200, await CallAsync(server, made));
        }

        await using (var server = await OpenAsync()) Assert.Equal(200, await CallAsync(server, made));
        Assert.Equal(made + "\n", await File.ReadAllTextAsync(TokenFile));
        var given = new string('y', 32);
        await using (var server = await OpenAsync($"--KMS_ADMIN_TOKEN={given}"))
            Assert.Equal((200, 401), (await CallAsync(server, given), await CallAsync(server, made)));
        await using (var server = await OpenAsync("--KMS_ADMIN_TOKEN="))
            Assert.Equal(200, await CallAsync(server, made));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("short")]
    [InlineData("12345678901234567890\n12345678901234567890")]
    [InlineData("1234567890123456789012345678901234567890 ")]
    public async Task File_Damaged_IsNamed(string content)
    {
        await File.WriteAllTextAsync(TokenFile, content);
        var failure = await Assert.ThrowsAsync<StartException>(() => OpenAsync());
        Assert.Contains(TokenFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(TokenFile));
    }

    [Fact]
    public async Task File_ThatIsADirectory_IsNamed()
    {
        Directory.CreateDirectory(TokenFile);
        var failure = await Assert.ThrowsAsync<StartException>(() => OpenAsync());
        Assert.Contains(TokenFile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublicCertificate_IsThatWhichIsServed_AndHasNoKey()
    {
        await using var server = await OpenAsync("--Kms:Admin:Urls=https://127.0.0.1:0");
        await server.StartAsync();
        var pem = await File.ReadAllTextAsync(Path.Combine(_data, "certificate.pem"));
        Assert.DoesNotContain("PRIVATE", pem, StringComparison.Ordinal);
        using var http = AdminClient.Trusting(_data);
        using var answer = await http.GetAsync(new Uri($"{server.Admin!.Urls.Single()}/admin/openapi.json"));
        Assert.Equal(200, (int)answer.StatusCode);
        await server.App.StopAsync();
    }

    [Theory]
    [InlineData("--Kms:Admin:AllowHttp=maybe", "AllowHttp")]
    [InlineData("--Kms:Admin:Url=https://127.0.0.1:0", "Url")]
    [InlineData("--Kms:Admin:Urls=nonsense", "nonsense")]
    [InlineData("--Kms:Admin:Urls=https://127.0.0.1:0;nonsense", "nonsense")]
    [InlineData("--Kms:Admin:Urls=", "Kms:Admin:Urls")]
    public async Task Setting_ThatIsBad_IsNamed(string argument, string name)
    {
        var failure = await Assert.ThrowsAsync<StartException>(async () =>
        {
            await using var server = await OpenAsync(argument);
            await server.StartAsync();
        });
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    private Task<KmsServer> OpenAsync(params string[] more) => KmsServer.OpenAsync(
        [
            $"--data={_data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", "--Kms:Admin:AllowHttp=true",
            "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None", .. more,
        ],
        new FakeTimeProvider(DateTimeOffset.UtcNow));

    private static async Task<int> CallAsync(KmsServer server, string token)
    {
        if (server.App.Urls.All(url => url.EndsWith(":0", StringComparison.Ordinal))) await server.StartAsync();
        using var http = new HttpClient();
        var service = new Uri($"{server.App.Urls.First()}/admin/v1/service");
        using var request = new HttpRequestMessage(HttpMethod.Get, service);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
