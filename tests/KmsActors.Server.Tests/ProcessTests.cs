using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace KmsActors.Server.Tests;

/// <summary>The server as a process: how it starts, what it shows, how it ends.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-process-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Notice_IsGivenByHealthAndConnections_BeforeItStops()
    {
        await using var server = ServerProcess.Start(
            [$"--data={_data}", "--urls=http://127.0.0.1:0", "--Kms:NoticeSeconds=3"]);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        using var before = await http.GetAsync("health/ready");
        Assert.Equal((HttpStatusCode.OK, (bool?)null), (before.StatusCode, before.Headers.ConnectionClose));
        await server.SignalAsync("TERM");
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await http.GetAsync("health/ready");
            return ready is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.ConnectionClose: true };
        });
        using var served = await http.GetAsync("health/live");
        Assert.Equal((HttpStatusCode.OK, true), (served.StatusCode, served.Headers.ConnectionClose));
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task RootCredentials_NotGiven_AreMadeShownOnceAndKept()
    {
        var file = Path.Combine(_data, "root-credentials.json");
        Credentials key;
        await using (var first = Start())
        {
            var address = await first.AddressAsync();
            var shown = Shown().Match(first.Said);
            key = new Credentials(shown.Groups["id"].Value, shown.Groups["secret"].Value);
            Assert.True(key.Secret.Length >= 32, first.Said);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            (await new AliyunClient(address, key, TimeProvider.System).CallAsync("CreateKey")).AssertOk();
            await StopAsync(first);
        }

        await using var second = Start();
        var client = new AliyunClient(await second.AddressAsync(), key, TimeProvider.System);
        Assert.Equal(1, (await client.CallAsync("ListKeys")).AssertOk().Number("TotalCount"));
        await StopAsync(second);
        Assert.DoesNotContain(key.Secret, second.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_WhileACallIsUnderWay_LetsItFinishAndExits0()
    {
        var key = new Credentials("root-of-the-tests", "root-secret-of-the-tests");
        await using var server = Start(
            ("KMS_ROOT_ACCESS_KEY_ID", key.Id), ("KMS_ROOT_ACCESS_KEY_SECRET", key.Secret));
        var address = await server.AddressAsync();
        var text = new AliyunClient(address, key, TimeProvider.System).Sign("CreateKey").ToText(address);
        var half = text.Length - 100;

        using var caller = new TcpClient();
        await caller.ConnectAsync(address.Host, address.Port);
        await using var stream = caller.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text[..half]));
        await UnderWayAsync(address);
        await server.SignalAsync("TERM");
        await Eventually.TrueAsync(() => RefusesAsync(address));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text[half..]));

        (await RawHttp.ReadAsync(stream)).Parsed.AssertOk();
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Signal_Interrupt_Exits0()
    {
        await using var server = Start();
        await server.AddressAsync();
        await server.SignalAsync("INT");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Theory]
    [InlineData(2, "There is no option '--port'.", "--port=80")]
    [InlineData(2, "The option '--data' needs a value.", "--data")]
    [InlineData(1, "Kms:Region: ", "--Kms:Region=a b")]
    [InlineData(1, "nonsense", "--urls=nonsense")]
    public async Task Start_WithABadOption_SaysWhatIsWrong(int exitCode, string message, string argument)
    {
        await using var server = ServerProcess.Start(
            [$"--data={_data}", argument],
            ("KMS_ROOT_ACCESS_KEY_ID", "root"), ("KMS_ROOT_ACCESS_KEY_SECRET", "secret-secret"));
        Assert.Equal(exitCode, await server.ExitCodeAsync());
        Assert.Contains(message, server.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_SaysSoAndExits1()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        await using var server = ServerProcess.Start([$"--data={_data}", $"--urls=http://{other.LocalEndpoint}"]);
        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains(other.LocalEndpoint.ToString()!, server.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Asked_IsShownAndExits0()
    {
        await using var server = ServerProcess.Start(["--help"]);
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Contains("--data DIR", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_OnTheServersOwnCertificate_WorksAndTheCertificateIsKept()
    {
        var first = await ServeHttpsAsync();
        var second = await ServeHttpsAsync();
        Assert.Equal(first, second);
        var file = Path.Combine(_data, "certificate.pfx");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        await File.WriteAllTextAsync(file, "damaged");
        var failure = await Assert.ThrowsAsync<StartException>(ServeHttpsAsync);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>One call over HTTPS; the certificate's thumbprint.</summary>
    private async Task<string> ServeHttpsAsync()
    {
        await using var server = await KmsServer.OpenAsync(
            [
                $"--data={_data}", "--urls=https://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root",
                "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret", "--Kms:AllowCoreDumps=true", "--Logging:LogLevel:Default=None",
                "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None",
            ],
            TimeProvider.System);
        await server.StartAsync();
        string? thumbprint = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    thumbprint = ((X509Certificate2)certificate!).Thumbprint;

                    // It is signed by nobody else, but it has to be for this address.
                    return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
                },
            },
        };
        using var http = new HttpClient(handler);
        using var response = await http.GetAsync(new Uri(server.App.Urls.First()));
        var answer = Answer.Of(
            (int)response.StatusCode,
            response.Content.Headers.NonValidated["Content-Type"].ToString(),
            await response.Content.ReadAsByteArrayAsync());
        answer.AssertRefused("MissingParameter", "Action");
        await server.App.StopAsync();
        return thumbprint!;
    }

    // The half request has been read when one that came after it has been answered.
    private static async Task UnderWayAsync(Uri address)
    {
        for (var i = 0; i < 20; i++)
        {
            var answer = await RawHttp.ExchangeAsync(
                address, $"GET /health/live HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
            Assert.Equal(200, answer.Status);
        }
    }

    private static async Task<bool> RefusesAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task StopAsync(ServerProcess server)
    {
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    private ServerProcess Start(params (string Name, string Value)[] environment) =>
        ServerProcess.Start([$"--data={_data}", "--urls=http://127.0.0.1:0"], environment);

    [GeneratedRegex(
        "AccessKeyId +(?<id>[A-Za-z0-9]+)\\s+AccessKeySecret +(?<secret>[A-Za-z0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Shown();
}
