using KmsActors.Operations;

namespace KmsActors.Server.Tests;

/// <summary>Who asks, when, and for which action: what is checked before any action runs.</summary>
public sealed class AuthenticationTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly WireForm s_acs3 = new(Scheme.Acs3, Carrier.PostForm, null);

    public static TheoryData<string> Wires => [.. WireForm.All.Keys];

    private AliyunClient Client => server.Root.Client;

    [Theory]
    [InlineData("Action", "MissingParameter")]
    [InlineData("Version", "MissingParameter")]
    [InlineData("AccessKeyId", "MissingParameter")]
    [InlineData("Signature", "MissingParameter")]
    [InlineData("SignatureMethod", "MissingParameter")]
    [InlineData("SignatureVersion", "MissingParameter")]
    [InlineData("Timestamp", "IllegalTimestamp")]
    public async Task CommonParameter_MissingOrEmpty_IsRefused(string name, string code)
    {
        var about = code == "MissingParameter" ? name : null;
        await RefusedAsync(code, about, Client with { Common = [(name, null)] });
        await RefusedAsync(code, about, Client with { Common = [(name, "")] });
    }

    [Theory]
    [InlineData("Version", "2016-01-21")]
    [InlineData("SignatureMethod", "HMAC-MD5")]
    [InlineData("SignatureMethod", "hmac-sha1")]
    [InlineData("SignatureVersion", "2.0")]
    [InlineData("Format", "YAML")]
    [InlineData("Format", "")]
    public async Task CommonParameter_OfAnotherValue_IsRefused(string name, string value) =>
        await RefusedAsync("InvalidParameter", name, Client with { Common = [(name, value)] });

    [Theory]
    [InlineData("Action")]
    [InlineData("Version")]
    [InlineData("AccessKeyId")]
    [InlineData("Timestamp")]
    [InlineData("SignatureNonce")]
    [InlineData("Format")]
    public async Task CommonParameter_Doubled_IsRefused(string name) => await RefusedAsync(
        "InvalidParameter", name, Client with { Common = [(name, "JSON"), (name, "JSON")] });

    [Theory]
    [InlineData("AccessKeyId")]
    [InlineData("SignatureNonce")]
    public async Task CommonParameter_TooLong_IsRefused(string name) => await RefusedAsync(
        "InvalidParameter", name, Client with { Common = [(name, new string('a', 129))] });

    [Theory]
    [InlineData("x-acs-action", "MissingParameter")]
    [InlineData("x-acs-version", "MissingParameter")]
    [InlineData("x-acs-date", "IllegalTimestamp")]
    [InlineData("Authorization", "IncompleteSignature")]
    public async Task Acs3Header_Doubled_IsAsGoodAsNone(string name, string code)
    {
        var call = (Client with { Form = s_acs3 }).Sign("DescribeRegions");
        var header = call.Headers.Single(h => h.Name == name);
        // A client's library would make one header of the two.
        var text = (call with { Headers = [.. call.Headers, header] }).ToText(server.Address);
        (await RawHttp.ExchangeAsync(server.Address, text)).Parsed.AssertRefused(
            code, code == "MissingParameter" ? name : null);
    }

    [Fact]
    public async Task Acs3Header_OfAnotherVersion_IsRefused() => await RefusedAsync(
        "InvalidParameter", "x-acs-version", Client with { Form = s_acs3, Common = [("x-acs-version", "2016-01-21")] });

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Action_Unknown_IsNotFound(string wire)
    {
        foreach (var action in new[] { "Nothing", "createkey", "CreateKey ", "CreareAlias", "密" })
        {
            if (WireForm.All[wire].Scheme == Scheme.Acs3 && !action.All(char.IsAsciiLetter)) continue;
            (await (Client with { Form = WireForm.All[wire] }).CallAsync(action)).AssertRefused("InvalidApi.NotFound");
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Secret_Wrong_IsRefusedAndChangesNothing(string wire)
    {
        var before = server.Commits();
        var client = Client with
        {
            Form = WireForm.All[wire], Key = new Credentials(Client.Key.Id, Client.Key.Secret + "x"),
        };
        (await client.CallAsync("CreateKey")).AssertRefused("IncompleteSignature");
        Assert.Equal(before, server.Commits());
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not Base64!")]
    [InlineData("41wk2SSX1GJh7fwnc5eqOfiJPFg=")]
    public async Task Signature_OfAnotherText_IsRefused(string signature)
    {
        var client = Client with { Common = [("Signature", signature)] };
        if (signature.Length == 0) await RefusedAsync("MissingParameter", "Signature", client);
        else await RefusedAsync("IncompleteSignature", null, client);
    }

    [Fact]
    public async Task Signature_OfOneMethod_DoesNotSignTheOther()
    {
        var call = (Client with { Form = WireForm.All["GET, HMAC-SHA1, JSON"] }).Sign("DescribeRegions");
        (await Client.SendAsync(call with { Method = "POST" })).AssertRefused("IncompleteSignature");
    }

    [Fact]
    public async Task Parameter_ChangedAfterSigning_IsRefused()
    {
        foreach (var form in new[] { Client.Form, s_acs3 })
        {
            var call = (Client with { Form = form }).Sign("CreateKey", ("Description", "a"));
            var changed = call.Body!.Replace("Description=a", "Description=b", StringComparison.Ordinal);
            (await Client.SendAsync(call with { Body = changed })).AssertRefused("IncompleteSignature");
            (await Client.SendAsync(call with { Body = $"{call.Body}&More=1" })).AssertRefused("IncompleteSignature");
            (await Client.SendAsync(call with { Query = "More=1" })).AssertRefused("IncompleteSignature");
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task AccessKey_Unknown_IsNotFound(string wire)
    {
        var client = Client with { Form = WireForm.All[wire], Key = new Credentials("nobody", "secret") };
        (await client.CallAsync("DescribeRegions")).AssertRefused("InvalidAccessKeyId.NotFound");
    }

    [Fact]
    public async Task AccessKey_Disabled_IsForbiddenUntilItIsEnabled()
    {
        var tenant = await server.NewTenantAsync();
        await tenant.OkAsync("DescribeRegions");
        await server.OperateAsync(tenant.Account, new SetAccessKeyStatus(tenant.Key.Id, false));
        foreach (var form in WireForm.All.Values)
        {
            var client = tenant.Client with { Form = form };
            (await client.CallAsync("CreateKey")).AssertRefused("Forbidden.AccessKey");

            // Only who knows the secret is told that the key is disabled.
            var stranger = client with { Key = new Credentials(tenant.Key.Id, "another") };
            (await stranger.CallAsync("CreateKey")).AssertRefused("IncompleteSignature");
        }

        await server.OperateAsync(tenant.Account, new SetAccessKeyStatus(tenant.Key.Id, true));
        Assert.Empty(await tenant.KeyIdsAsync());
    }

    [Theory]
    [InlineData(-16 * 60, false)]
    [InlineData((-15 * 60) - 1, false)]
    [InlineData(-15 * 60, true)]
    [InlineData(15 * 60, true)]
    [InlineData((15 * 60) + 1, false)]
    [InlineData(16 * 60, false)]
    public async Task Clock_OffBySeconds_IsTakenUpToAQuarterOfAnHour(int seconds, bool isTaken)
    {
        foreach (var form in new[] { Client.Form, s_acs3 })
        {
            var client = Client with { Form = form, Timestamp = server.Clock.GetUtcNow().AddSeconds(seconds) };
            if (isTaken) (await client.CallAsync("DescribeRegions")).AssertOk();
            else await RefusedAsync("IllegalTimestamp", null, client);
        }
    }

    [Theory]
    [InlineData("2026-03-01 08:00:00Z")]
    [InlineData("2026-03-01T08:00:00")]
    [InlineData("2026-03-01T08:00:00.000Z")]
    [InlineData("2026-03-01T08:00:00+08:00")]
    [InlineData("2026-02-30T08:00:00Z")]
    [InlineData("1772352000")]
    [InlineData("now")]
    public async Task Timestamp_OfAnotherForm_IsRefused(string text)
    {
        await RefusedAsync("InvalidTimeStamp.Format", null, Client with { Common = [("Timestamp", text)] });
        await RefusedAsync(
            "InvalidTimeStamp.Format", null, Client with { Form = s_acs3, Common = [("x-acs-date", text)] });
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Nonce_Replayed_IsRefusedAndChangesNothing(string wire)
    {
        var client = Client with { Form = WireForm.All[wire], Nonce = Guid.NewGuid().ToString() };
        var call = client.Sign("CreateKey");
        (await client.SendAsync(call)).AssertOk();
        var before = server.Commits();
        (await client.SendAsync(call)).AssertRefused("SignatureNonceUsed");
        Assert.Equal(before, server.Commits());
    }

    [Fact]
    public async Task Nonce_OfAnotherAccessKeyOrOfAForgery_IsNotSpent()
    {
        var nonce = Guid.NewGuid().ToString();
        var tenant = await server.NewTenantAsync();
        var forger = Client with { Nonce = nonce, Key = Client.Key with { Secret = "guessed" } };
        (await forger.CallAsync("DescribeRegions")).AssertRefused("IncompleteSignature");
        (await (tenant.Client with { Nonce = nonce }).CallAsync("DescribeRegions")).AssertOk();
        (await (Client with { Nonce = nonce }).CallAsync("DescribeRegions")).AssertOk();
    }

    [Fact]
    public async Task Nonce_NotSent_IsNotMissed()
    {
        var client = Client with { Common = [("SignatureNonce", null)] };
        (await client.CallAsync("DescribeRegions")).AssertOk();
        (await client.CallAsync("DescribeRegions")).AssertOk();
    }

    private async Task RefusedAsync(string code, string? parameter, AliyunClient client)
    {
        var before = server.Commits();
        (await client.CallAsync("CreateKey")).AssertRefused(code, parameter);
        Assert.Equal(before, server.Commits());
    }
}
