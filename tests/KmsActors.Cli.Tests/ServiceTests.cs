using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Cli.Tests;

/// <summary>What a service can do to a client, by one that does it all.</summary>
public sealed class ServiceTests
{
    private static readonly string[] Call = ["accounts", "show", "1"];

    [Theory]
    [InlineData(400, "ParameterInvalid", ExitCode.Refused)]
    [InlineData(404, "Forbidden.KeyNotFound", ExitCode.Refused)]
    [InlineData(409, "Rejected.Disabled", ExitCode.Refused)]
    [InlineData(401, "Unauthorized", ExitCode.Credential)]
    [InlineData(403, "Forbidden.NoPermission", ExitCode.Credential)]
    [InlineData(404, "InvalidAccessKeyId.NotFound", ExitCode.Credential)]
    [InlineData(400, "IncompleteSignature", ExitCode.Credential)]
    [InlineData(400, "SignatureNonceUsed", ExitCode.Credential)]
    [InlineData(400, "IllegalTimestamp", ExitCode.Credential)]
    [InlineData(500, "InternalFailure", ExitCode.Unreachable)]
    [InlineData(503, "ServiceUnavailableTemporary", ExitCode.Unreachable)]
    [InlineData(429, "Rejected.Throttling", ExitCode.Throttled)]
    public async Task Refusal_OfEitherProtocol_HasItsExitCodeAndIsTold(int status, string code, int exitCode)
    {
        const string id = "8d5d9a2e";
        string[] bodies =
        [
            $$"""{"Code":"{{code}}","Message":"In words.","RequestId":"{{id}}","HostId":"h"}""",
            $$"""{"code":"{{code}}","title":"In words.","requestId":"{{id}}","status":{{status}}}""",
        ];
        foreach (var body in bodies)
        {
            await using var stub = await StubServer.StartAsync(status, body);
            foreach (string[] call in new[] { Call, ["keys", "list"] })
            {
                var run = await stub.Invocation.RunAsync([.. call, "--no-retry"]);
                run.AssertFailed(exitCode, $"{code}: In words. [request {id}]");
            }
        }
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(404, "{}")]
    [InlineData(302, "")]
    public async Task Answer_OfSomethingElse_IsSaidToBeNone(int status, string body)
    {
        await using var stub = await StubServer.StartAsync(status, body, ("Location", "https://example.invalid/"));
        (await stub.Invocation.RunAsync(Call)).AssertFailed(ExitCode.Unreachable, $"HTTP {status}, and no answer of a KMS.");
    }

    [Theory]
    [InlineData("{}", "keys", "list")]
    [InlineData("{\"Keys\":{\"Key\":1}}", "keys", "list")]
    [InlineData("{\"CiphertextBlob\":\"*\"}", "encrypt", "key", "--text", "x")]
    [InlineData("{\"items\":{}}", "accounts", "list")]
    public async Task Answer_WithoutWhatBelongsInIt_IsRefused(string body, params string[] arguments)
    {
        await using var stub = await StubServer.StartAsync(200, body);
        (await stub.Invocation.RunAsync(arguments)).AssertFailed(ExitCode.Unreachable, "answer has no ");
    }

    [Fact]
    public async Task Throttled_UntilLater_WaitsAsLongAsItIsTold()
    {
        var calls = 0;
        await using var stub = await StubServer.StartAsync(http =>
        {
            if (++calls > 3) return http.Response.WriteAsync("""{"number":"1"}""");
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "0";
            return http.Response.WriteAsync("""{"code":"Throttled"}""");
        });
        (await stub.Invocation.RunAsync(Call)).AssertDone();
        Assert.Equal(4, calls);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("0", 6)]
    [InlineData("3600", 1)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", 1)]
    [InlineData("Sat, 01 Jan 2000 00:00:00 GMT", 6)]
    public async Task Throttled_ForEver_GivesUp(string retryAfter, int attempts)
    {
        await using var stub = await StubServer.StartAsync(429, """{"code":"Throttled"}""", ("Retry-After", retryAfter));
        (await stub.Invocation.RunAsync(Call)).AssertFailed(ExitCode.Throttled, "Throttled: ");
        Assert.Equal(attempts, stub.Requests.Count);
        (await stub.Invocation.RunAsync([.. Call, "--no-retry"])).AssertFailed(ExitCode.Throttled, "Throttled: ");
        Assert.Equal(attempts + 1, stub.Requests.Count);
    }

    [Fact]
    public async Task Answer_TooLong_IsNotReadToItsEnd()
    {
        await using var stub = await StubServer.StartAsync(200, $$"""{"a":"{{new string('a', 9 * 1024 * 1024)}}"}""");
        (await stub.Invocation.RunAsync(Call)).AssertFailed(ExitCode.Unreachable, stub.Address);
    }

    [Fact]
    public async Task Answer_ThatDoesNotCome_IsWaitedForSoLong()
    {
        await using var stub = await StubServer.StartAsync(http => Task.Delay(-1, http.RequestAborted));
        (await stub.Invocation.RunAsync([.. Call, "--timeout", "1"]))
            .AssertFailed(ExitCode.Unreachable, "no answer within 1 s.");
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsSaidToBeSo()
    {
        await using var stub = await StubServer.StartAsync(200, "{}");
        var invocation = stub.Invocation;
        await stub.DisposeAsync();
        (await invocation.RunAsync(Call)).AssertFailed(ExitCode.Unreachable, "Connection refused");
    }

    [Fact]
    public async Task Bulk_Interrupted_ShowsWhatWasMade()
    {
        using var interrupt = new CancellationTokenSource();
        var calls = 0;
        await using var stub = await StubServer.StartAsync(async http =>
        {
            if (Interlocked.Increment(ref calls) == 20) await interrupt.CancelAsync();
            await http.Response.WriteAsync("""{"KeyMetadata":{"KeyId":"one"}}""");
        });
        var run = await (stub.Invocation with { Cancellation = interrupt.Token })
            .RunAsync("keys", "create", "--count", "1000", "--json");
        Assert.Equal(ExitCode.Cancelled, run.ExitCode);
        Assert.Equal(stub.Requests.Count, run.Json.GetArrayLength());
        Assert.InRange(run.Json.GetArrayLength(), 20, 28);
        Assert.Contains($"{run.Json.GetArrayLength()} of 1000 made.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bulk_OnATerminal_HasABarWhenItTakesLong()
    {
        await using var stub = await StubServer.StartAsync(async http =>
        {
            await Task.Delay(100);
            await http.Response.WriteAsync("""{"KeyMetadata":{"KeyId":"one"}}""");
        });
        var run = await (stub.Invocation with { IsTerminal = true }).RunAsync("keys", "create", "--count", "80");
        Assert.Contains("%", run.AssertDone().Error, StringComparison.Ordinal);
        var atOnce = stub.Invocation with { IsTerminal = true, Time = new FakeTimeProvider() };
        var quick = await atOnce.RunAsync("keys", "create", "--count", "8");
        Assert.Empty(quick.AssertDone().Error);
    }

    [Fact]
    public async Task Delete_Waiting_ReturnsWhenTheAccountIsGone()
    {
        var looks = 0;
        await using var stub = await StubServer.StartAsync(http =>
        {
            if (http.Request.Method == "GET" && ++looks == 2) http.Response.StatusCode = 404;
            return http.Response.WriteAsync(
                http.Response.StatusCode == 404 ? """{"code":"AccountNotFound"}""" : """{"state":"PendingDeletion"}""");
        });
        string[] delete = ["accounts", "delete", "a/b", "--days", "0", "--wait", "--yes"];
        var run = await (stub.Invocation with { IsTerminal = true }).RunAsync(delete);
        Assert.Contains("The account is gone.", run.AssertDone().Error, StringComparison.Ordinal);
        Assert.Contains("Deleting a/b", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["DELETE /admin/v1/accounts/a%2Fb?days=0", "GET /admin/v1/accounts/a%2Fb", "GET /admin/v1/accounts/a%2Fb"],
            stub.Requests.Select(request => request.Request));
        (await stub.Invocation.RunAsync("accounts", "delete", "a", "--days", "1", "--wait", "--yes"))
            .AssertFailed(ExitCode.Usage, "--wait is for --days 0.");
    }

    [Theory]
    [InlineData("", 0, "localhost", ExitCode.Done)]
    [InlineData("other", 0, "localhost", ExitCode.Unreachable)]
    [InlineData("none", 0, "localhost", ExitCode.Unreachable)]
    [InlineData("", 0, "elsewhere.example", ExitCode.Unreachable)]
    [InlineData("", -1, "localhost", ExitCode.Unreachable)]
    [InlineData("", 1, "localhost", ExitCode.Unreachable)]
    public async Task Certificate_OfTheServer_HasToBeTrustedAndGoodForItsNameAndToday(
        string trusted, int days, string name, int exitCode)
    {
        using var certificate = NewCertificate(name, DateTimeOffset.UtcNow.AddDays(days));
        using var other = NewCertificate(name, DateTimeOffset.UtcNow);
        await using var stub = await StubServer.StartAsync(http => http.Response.WriteAsync("""{"number":"1"}"""), certificate);
        var folder = Directory.CreateTempSubdirectory("kmsctl-tests-");
        var file = Path.Combine(folder.FullName, "ca.pem");
        await File.WriteAllTextAsync(file, (trusted == "other" ? other : certificate).ExportCertificatePem());
        var url = stub.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        string[] trust = trusted == "none" ? ["--data", folder.FullName] : ["--ca", file];
        var run = await stub.Invocation.RunAsync([.. Call, "--server", url, .. trust]);
        folder.Delete(recursive: true);
        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.Equal(exitCode == ExitCode.Done ? 1 : 0, stub.Requests.Count);
        if (exitCode != ExitCode.Done) run.AssertFailed(exitCode, "The remote certificate is invalid");
    }

    // Good for a day, which begins half a day before the middle.
    private static X509Certificate2 NewCertificate(string name, DateTimeOffset middle)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(middle.AddHours(-12), middle.AddHours(12));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
