namespace KmsActors.Server.Tests.Admin;

/// <summary>Who the operator is, and over which wire he is listened to.</summary>
public sealed class CredentialTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Token = TestServer.OperatorToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData(Token)]
    [InlineData($"Bearer {Token}x")]
    [InlineData("Bearer token-of-the-operator-of-the-test")]
    [InlineData("Bearer TOKEN-of-the-operator-of-the-tests")]
    [InlineData($"Bearer  {Token}")]
    [InlineData($"Basic {Token}")]
    [InlineData($"Bearer{Token}")]
    [InlineData($"Bearer {Token}, Bearer {Token}")]
    [InlineData($"Bearer \"{Token}\"")]
    public async Task Credential_OfNobody_Is401(string? authorization)
    {
        var stranger = server.Operator with { Authorization = authorization };
        var answer = await stranger.RefusedAsync(401, "Unauthorized", null, "GET", "service");
        Assert.Equal("Bearer", answer.Challenge);
        Assert.DoesNotContain(Token, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_TooLong_Is401()
    {
        foreach (var length in new[] { 257, 512, 20_000 })
        {
            var stranger = server.Operator with { Authorization = $"Bearer {new string('x', length)}" };
            await stranger.RefusedAsync(401, "Unauthorized", null, "GET", "service");
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task Scheme_IsOfAnyCase(string scheme) =>
        await (server.Operator with { Authorization = $"{scheme} {Token}" }).GetAsync("service");

    [Fact]
    public async Task Credential_OfAnAccount_IsNone()
    {
        var tenant = await server.NewAccountAsync();
        var (_, token) = await server.NewUserAsync(tenant.Account);
        foreach (var other in new[] { token, tenant.Key.Secret, tenant.Key.Id })
        {
            var stranger = server.Operator with { Authorization = $"Bearer {other}" };
            await stranger.RefusedAsync(401, "Unauthorized", null, "GET", "service");
        }
    }

    // And the certificate is the one that is served: nothing else is trusted here.
    [Fact]
    public async Task OwnListener_ServesTheApiAlone_AndTheOthersDoNot()
    {
        await server.Operator.GetAsync("service");
        using var http = AdminClient.Trusting(server.Data);
        foreach (var path in new[]
        {
            "/", "/v2/index.php", "/v1.0/x/kms/list-keys", "/v3/auth/tokens", "/health/live", "/health/ready",
        })
        {
            using var answer = await http.GetAsync(new Uri(server.AdminAddress, path));
            Assert.Equal(404, (int)answer.StatusCode);
        }

        using var plain = new HttpClient();
        foreach (var path in new[] { "/admin/v1/service", "/admin/openapi.json", "/Admin/v1/accounts" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
            using var answer = await plain.SendAsync(request);
            Assert.Equal((404, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        await server.Root.OkAsync("DescribeRegions");
    }

    [Fact]
    public async Task Api_AfterARestart_TakesTheSameTokenAndCertificate()
    {
        using var trusting = AdminClient.Trusting(server.Data);
        await server.RestartAsync();
        await new AdminClient(server, trusting).GetAsync("service");
    }
}
