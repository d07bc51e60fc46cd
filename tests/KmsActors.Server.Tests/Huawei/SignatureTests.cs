namespace KmsActors.Server.Tests.Huawei;

/// <summary>Who is let in by a signature, and who is not: whatever is wrong with it, the answer is the same.</summary>
public sealed class SignatureTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    private const string Refused = "APIGW.0301";
    private static readonly Ask s_ask = Ask.Post("list-keys", new { limit = "1" });

    public static IEnumerable<object[]> Endpoints => Requests.All.Select(name => new object[] { name });

    private Project Project => new(server.Root);

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Call_WithoutACredential_IsForbidden(string endpoint)
    {
        var keyId = await Project.KeyAsync();
        var proven = Project.Client.Prove(await Requests.OfAsync(endpoint, Project, keyId));
        var unsigned = proven with { Headers = [.. proven.Headers.Where(h => h.Name != "authorization")] };
        await RefusedAsync("KMS.0301", unsigned);
        foreach (var token in new[] { "", "a b", "a\"", new string('a', 4097) })
            await RefusedAsync("KMS.0301", unsigned with { Headers = [.. unsigned.Headers, ("x-auth-token", token)] });
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Call_WithAForgedSignature_IsRefused(string endpoint)
    {
        var keyId = await Project.KeyAsync();
        var ask = await Requests.OfAsync(endpoint, Project, keyId);
        var forger = Project.Client with { Key = server.Root.Key with { Secret = "another" } };
        await RefusedAsync(Refused, forger.Prove(ask));
    }

    [Fact]
    public async Task Header_EverySignedOneLeftOutOrChanged_IsRefused()
    {
        var good = Project.Client.Prove(s_ask);
        Assert.Equal(
            ["content-type", "host", "x-project-id", "x-sdk-date", "authorization"], good.Headers.Select(h => h.Name));
        foreach (var name in new[] { "content-type", "x-project-id", "x-sdk-date" })
        {
            await RefusedAsync(Refused, good with { Headers = [.. good.Headers.Where(h => h.Name != name)] });
            await RefusedAsync(Refused, Changed(good, name, text => text[..^1] + (text[^1] == 'x' ? "y" : "x")));
        }

        foreach (var host in new[] { "other.example", server.Address.Host })
        {
            var bytes = Changed(good, "host", _ => host).ToBytes();
            HuaweiAnswer.Of(await RawHttp.ExchangeAsync(server.Address, stream => stream.WriteAsync(bytes).AsTask()))
                .AssertRefused(Refused);
        }
    }

    // Without these a signature would be good for another server, or for ever.
    [Theory]
    [InlineData("host", Refused)]
    [InlineData("x-sdk-date", Refused)]
    [InlineData("content-type", "")]
    [InlineData("x-project-id", "")]
    public async Task Header_NotSignedThoughSent_IsMissedIfItHasToBe(string name, string code)
    {
        var sent = Project.Client.Prove(s_ask).Headers.Single(h => h.Name == name);
        var proven = (Project.Client with { Headers = [(name, null)] }).Prove(s_ask);
        var answer = await Project.Client.SendAsync(proven with { Headers = [.. proven.Headers, sent] });
        if (code == "") answer.AssertOk();
        else answer.AssertRefused(code);
    }

    [Fact]
    public async Task Request_ChangedAfterItWasSigned_IsRefused()
    {
        var good = Project.Client.Prove(s_ask);
        (await Project.Client.SendAsync(good)).AssertOk();
        await RefusedAsync(Refused, good with { Body = "{\"limit\":\"2\"}"u8.ToArray() });
        await RefusedAsync(Refused, good with { Body = [] });
        await RefusedAsync(Refused, good with { Target = $"/v1.0/{Project.Id}/kms/gen-random" });
        await RefusedAsync(Refused, good with { Target = good.Target + "?a=b" });
        var tags = Project.Client.Prove(Ask.Get("tags"));
        await RefusedAsync(Refused, tags with { Target = $"/v1.0/{Project.Id}/kms/user-quotas" });
    }

    [Theory]
    [InlineData("Access=", "Access=x")]
    [InlineData(" Access=", "  Access=")]
    [InlineData("SDK-HMAC-SHA256", "V11-HMAC-SHA256")]
    [InlineData("SDK-HMAC-SHA256", "sdk-hmac-sha256")]
    [InlineData("Signature=", "Signature=0")]
    [InlineData("x-sdk-date,", "x-sdk-date;x-more,")]
    [InlineData("host;", "")]
    [InlineData(";x-sdk-date", "")]
    [InlineData("content-type;host", "host;content-type")]
    [InlineData("SDK-HMAC-SHA256 ", "Bearer ")]
    public async Task Authorization_Otherwise_IsRefused(string from, string to)
    {
        var good = Project.Client.Prove(s_ask);
        var bad = Changed(good, "authorization", text => text.Replace(from, to, StringComparison.Ordinal));
        Assert.NotEqual(good.Headers[^1], bad.Headers[^1]);
        await RefusedAsync(Refused, bad);
    }

    [Theory]
    [InlineData(-900, true)]
    [InlineData(-901, false)]
    [InlineData(900, true)]
    [InlineData(901, false)]
    public async Task Date_WithinFifteenMinutes_IsTaken(int seconds, bool isGood)
    {
        var client = Project.Client with { Timestamp = server.Clock.GetUtcNow().AddSeconds(seconds) };
        if (isGood) (await client.SendAsync(s_ask)).AssertOk();
        else await RefusedAsync(Refused, client.Prove(s_ask));
    }

    [Theory]
    [InlineData("20260301T080000")]
    [InlineData("2026-03-01T08:00:00Z")]
    [InlineData("20260301T080000z")]
    [InlineData("20260230T080000Z")]
    [InlineData("0")]
    public async Task Date_InAnotherForm_IsRefused(string date) => await RefusedAsync(
        Refused, (Project.Client with { Headers = [("x-sdk-date", date)] }).Prove(s_ask));

    [Fact]
    public async Task Key_UnknownOrDisabled_IsRefusedAlike()
    {
        var tenant = await server.NewTenantAsync();
        var client = new Project(tenant).Client;
        (await client.SendAsync(s_ask)).AssertOk();
        var unknown = await (client with { Key = tenant.Key with { Id = "nobodys" } }).SendAsync(s_ask);
        await server.OperateAsync(tenant.Account, new Operations.SetAccessKeyStatus(tenant.Key.Id, false));
        var disabled = await client.SendAsync(s_ask);
        unknown.AssertRefused(Refused);
        disabled.AssertRefused(Refused);
        Assert.Equal(unknown.Message, disabled.Message);
    }

    private static ProvenAsk Changed(ProvenAsk ask, string name, Func<string, string> change) => ask with
    {
        Headers = [.. ask.Headers.Select(h => h.Name == name ? (h.Name, change(h.Value)) : h)],
    };

    private async Task RefusedAsync(string code, ProvenAsk ask)
    {
        var before = server.Commits();
        (await Project.Client.SendAsync(ask)).AssertRefused(code);
        Assert.Equal(before, server.Commits());
    }
}
