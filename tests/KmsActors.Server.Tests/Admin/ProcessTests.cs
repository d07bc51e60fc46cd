using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KmsActors.Server.Tests.Admin;

/// <summary>The server as a process with a listener of the operator's: what it shows, and how it ends.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private const string Password = "password-of-the-process-tests";

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-admin-process-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    // With all that the log can say.
    [Fact]
    public async Task Token_IsShownOnce_AndNoSecretIsInTheLogOrTheDataInPlaintext()
    {
        string token;
        List<string> secrets = [Password];
        await using (var first = Start("--Logging:LogLevel:Default=Trace"))
        {
            using var http = await ClientAsync(first);
            token = Shown().Match(first.Said).Groups["token"].Value;
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            await MakeAsync(http, "accounts", new { number = "a" });
            await MakeAsync(http, "accounts/a/users", new { name = "u", password = Password });
            foreach (var path in new[] { "accounts/a/access-keys", "accounts/a/access-keys/given/rotate" })
            {
                var made = await MakeAsync(
                    http, path, path.EndsWith("rotate", StringComparison.Ordinal) ? new { } : new { id = "given" });
                secrets.Add(made.GetProperty("secret").GetString()!);
            }

            // A body that is wrong is not repeated either.
            using var wrong = await http.PostAsJsonAsync(
                "accounts/a/users", new { name = "v", password = Password, x = 1 });
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
            await EndAsync(first);
            Assert.Single(Regex.Matches(first.Said, token, RegexOptions.ExplicitCapture));
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, first.Said, StringComparison.Ordinal));
        }

        secrets.Add(token);
        foreach (var file in Directory.GetFiles(_data).Where(file => Path.GetFileName(file) != "admin-token"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.All(
                secrets, secret => Assert.False(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) >= 0, file));
        }

        await using var second = Start();
        using var again = await ClientAsync(second);
        again.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("accounts/a")).StatusCode);
        await EndAsync(second);
        Assert.DoesNotContain(token, second.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnListener_OnAPortThatIsTaken_SaysSoAndExits1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var server = ServerProcess.Start(
            [$"--data={_data}", "--urls=http://127.0.0.1:0", $"--Kms:Admin:Urls=https://{other.LocalEndpoint}"]);
        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains(
            $"Cannot listen: Failed to bind to address https://{other.LocalEndpoint}",
            server.Said,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnListener_HasTheCertificateThatTheSettingsName()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=given by the settings", key, HashAlgorithmName.SHA256);
        using var given = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificate, privateKey) = (Path.Combine(_data, "given.crt"), Path.Combine(_data, "given.key"));
        await File.WriteAllTextAsync(certificate, given.ExportCertificatePem());
        await File.WriteAllTextAsync(privateKey, key.ExportPkcs8PrivateKeyPem());
        await using var server = Start(
            $"--Kestrel:Certificates:Default:Path={certificate}", $"--Kestrel:Certificates:Default:KeyPath={privateKey}");
        await Eventually.TrueAsync(() => Task.FromResult(Listening().IsMatch(server.Said)));
        string? subject = null;
        using var handler = new HttpClientHandler
        {
#pragma warning disable MA0039 // It is looked at, and nothing is told to whoever shows it.
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => (subject = shown?.Subject) is not null,
#pragma warning restore MA0039
        };
        using var http = new HttpClient(handler);
        using var answer = await http.GetAsync(new Uri($"{Listening().Match(server.Said).Value}{AdminClient.Root}accounts"));
        Assert.Equal((HttpStatusCode.Unauthorized, given.Subject), (answer.StatusCode, subject));
        await EndAsync(server);
    }

    [Fact]
    public async Task Token_FromTheEnvironmentThatIsNone_ExitsWithItsName()
    {
        await using var server = ServerProcess.Start(
            [$"--data={_data}", "--urls=http://127.0.0.1:0"], ("KMS_ADMIN_TOKEN", "too short"));
        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains("KMS_ADMIN_TOKEN: ", server.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", server.Said, StringComparison.Ordinal);
    }

    private ServerProcess Start(params string[] more) => ServerProcess.Start(
        [$"--data={_data}", "--urls=http://127.0.0.1:0", "--Kms:Admin:Urls=https://127.0.0.1:0", .. more]);

    private async Task<HttpClient> ClientAsync(ServerProcess server)
    {
        await server.AddressAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Listening().IsMatch(server.Said)));
        var http = AdminClient.Trusting(_data);
        http.BaseAddress = new Uri($"{Listening().Match(server.Said).Value}{AdminClient.Root}");
        return http;
    }

    private static async Task<JsonElement> MakeAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task EndAsync(ServerProcess server)
    {
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [GeneratedRegex("Token +(?<token>[A-Za-z0-9]{40})", RegexOptions.ExplicitCapture)]
    private static partial Regex Shown();

    [GeneratedRegex("https://127\\.0\\.0\\.1:[1-9][0-9]*")]
    private static partial Regex Listening();
}
