namespace KmsActors.Server.Tests.Tencent;

/// <summary>A request is served once.</summary>
public sealed class ReplayTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Wrong = "4100/10030";

    public static IEnumerable<object[]> Forms => TencentForm.All.Keys.Select(form => new object[] { form });

    private TencentClient Client => new Customer(server.Root).Client;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Request_SentAgain_IsRefusedAsLongAsItsTimeIsGood(string form)
    {
        var client = Client with { Form = TencentForm.All[form] };
        var call = client.Sign("CreateKey", ("alias", Customer.NewAlias()));
        (await client.SendAsync(call)).AssertOk();
        var before = server.Commits();
        (await client.SendAsync(call)).AssertRefused(Wrong, "AuthFailure.SignatureUsed");
        server.Clock.Shift(TimeSpan.FromSeconds(300));
        (await client.SendAsync(call)).AssertRefused(Wrong, "AuthFailure.SignatureUsed");
        server.Clock.Shift(TimeSpan.FromSeconds(1));
        (await client.SendAsync(call)).AssertRefused(Wrong, "AuthFailure.SignatureExpire");
        Assert.Equal(before, server.Commits());
    }

    // One of the vendor's clients draws from 65 536 numbers, so that one comes twice in a busy second.
    [Fact]
    public async Task Nonce_OfAnotherRequest_IsTaken()
    {
        var client = Client with { Common = [("Nonce", "7")] };
        (await client.CallAsync("ListKey", ("limit", "1"))).AssertOk();
        (await client.CallAsync("ListKey", ("limit", "2"))).AssertOk();
        (await client.CallAsync("ListKey", ("limit", "2"))).AssertRefused(Wrong);
    }

    // A wrong signature must not use up what somebody else is about to send.
    [Fact]
    public async Task Request_WithAnotherSecret_SpendsNothing()
    {
        var call = Client.Sign("ListKey");
        var forged = call with { Body = call.Body!.Replace("ListKey", "ListKex", StringComparison.Ordinal) };
        (await Client.SendAsync(forged)).AssertRefused(Wrong, "AuthFailure.SignatureFailure");
        (await Client.SendAsync(call)).AssertOk();
    }

    // The signature does not fix where a parameter ends: what is split otherwise is the same request.
    [Fact]
    public async Task Request_SplitOtherwise_IsThatRequest()
    {
        var alias = Customer.NewAlias();
        Args whole = [.. Common("CreateKey"), ("alias", alias), ("description", "a&keyUsage=ENCRYPT/DECRYPT")];
        Args split = [.. whole[..^1], ("description", "a"), ("keyUsage", "ENCRYPT/DECRYPT")];
        var signature = Client.SignatureOf(whole);
        Assert.Equal(signature, Client.SignatureOf(split));
        (await Client.SendAsync(Client.WithSignature(whole, signature))).AssertOk();
        (await Client.SendAsync(Client.WithSignature(split, signature)))
            .AssertRefused(Wrong, "AuthFailure.SignatureUsed");
    }

    // Another text of the same bytes would not be known again.
    [Theory]
    [InlineData("{0} ")]
    [InlineData("\n{0}")]
    [InlineData("{0}=")]
    [InlineData("{0}\0")]
    public async Task Signature_InAnotherText_IsWrong(string form)
    {
        Args all = Common("ListKey");
        var signature = Client.SignatureOf(all);
        (await Client.SendAsync(Client.WithSignature(all, signature))).AssertOk();
        var other = form.Replace("{0}", signature, StringComparison.Ordinal);
        (await Client.SendAsync(Client.WithSignature(all, other))).AssertRefused(Wrong, "AuthFailure.SignatureFailure");
    }

    private Args Common(string action)
    {
        var call = Client.Sign(action);
        var pairs = call.Body!.Split('&').Select(pair => pair.Split('='));
        return [.. pairs.Where(p => p[0] != "Signature").Select(p => (p[0], Uri.UnescapeDataString(p[1])))];
    }
}
