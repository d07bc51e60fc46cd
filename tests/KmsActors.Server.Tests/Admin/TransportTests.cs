using System.Text;

namespace KmsActors.Server.Tests.Admin;

/// <summary>The API beside the protocols, and over plain http: refused, unless the operator wants it.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task Beside_OverHttp_IsRefused_WhateverTheCredential()
    {
        await using var started = await Started.OfAsync(new TestServer());
        using var http = new HttpClient();
        foreach (var authorization in new[] { null, $"Bearer {TestServer.OperatorToken}" })
        {
            var client = new AdminClient(started.Server, http) { Authorization = authorization };
            foreach (var path in new[] { "service", "/admin/openapi.json", "nosuch" })
                await client.RefusedAsync(403, "HttpsRequired", null, "GET", path);
        }

        await started.Server.Root.OkAsync("DescribeRegions");
    }

    [Fact]
    public async Task OwnListener_OverHttp_IsRefused()
    {
        await using var started = await Started.OfAsync(new With("--Kms:Admin:Urls=http://127.0.0.1:0"));
        Assert.NotEqual(started.Server.Address, started.Server.AdminAddress);
        using var http = new HttpClient();
        await new AdminClient(started.Server, http).RefusedAsync(403, "HttpsRequired", null, "GET", "service");
    }

    [Fact]
    public async Task Beside_OverHttps_IsServed_AndTheProtocolsToo()
    {
        await using var started = await Started.OfAsync(new With("--urls=https://127.0.0.1:0"));
        using var http = AdminClient.Trusting(started.Server.Data);
        await new AdminClient(started.Server, http).GetAsync("accounts");
        using var answer = await http.GetAsync(started.Server.Address);
        Assert.Contains("MissingParameter", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_Allowed_IsServed_AndTwoCredentialsAreNone()
    {
        await using var started = await Started.OfAsync(new With("--Kms:Admin:AllowHttp=true"));
        var address = started.Server.AdminAddress;
        using var http = new HttpClient();
        await new AdminClient(started.Server, http).GetAsync("service");
        var header = $"Authorization: Bearer {TestServer.OperatorToken}\r\n";
        foreach (var (headers, status) in new[]
        {
            (header, 200), ("", 401), (header + header, 401), (header + "Authorization: Bearer x\r\n", 401),
        })
        {
            var answer = await RawHttp.ExchangeAsync(
                address, $"GET /admin/v1/service HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n");
            Assert.True(status == answer.Status, headers);
        }

        // A body that is none, by its own chunks: what the framework says by a bare status has words, too.
        var broken = await RawHttp.ExchangeAsync(
            address,
            $"POST /admin/v1/accounts HTTP/1.1\r\nHost: {address.Authority}\r\n{header}"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        Assert.InRange(broken.Status, 400, 499);
        Assert.Equal("application/problem+json", broken.Headers["content-type"]);
    }

    [Fact]
    public async Task Body_InChunks_IsBoundedToo()
    {
        await using var started = await Started.OfAsync(new With("--Kms:Admin:AllowHttp=true"));
        var address = started.Server.AdminAddress;
        var answer = await RawHttp.ExchangeAsync(address, async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /admin/v1/accounts HTTP/1.1\r\nHost: {address.Authority}\r\nTransfer-Encoding: chunked\r\n"
                + $"Authorization: Bearer {TestServer.OperatorToken}\r\nContent-Type: application/json\r\n\r\n"));
            var chunk = Encoding.ASCII.GetBytes($"1000\r\n{new string(' ', 0x1000)}\r\n");
            for (var i = 0; i < 100; i++) await stream.WriteAsync(chunk);
        });
        Assert.Equal(413, answer.Status);
        Assert.Equal("application/problem+json", answer.Headers["content-type"]);
    }

    private sealed class With(params string[] options) : TestServer
    {
        protected override IEnumerable<string> MoreOptions => options;
    }

    /// <summary>A server for one test.</summary>
    private sealed record Started(TestServer Server) : IAsyncDisposable
    {
        public static async Task<Started> OfAsync(TestServer server)
        {
            await server.InitializeAsync();
            return new Started(server);
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
