namespace KmsActors.Server.Tests.Tencent;

/// <summary>Keys that the caller has not got: of no one, of another account, or no ids at all.</summary>
public sealed class ForeignKeyTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] s_malformed =
    [
        "x", " ", "{0}0", "{0} ", "{0}\0", "alias/{0}", "kms-00000000", "密", "../../../../../../../../../../../../",
        "0D0466B0-E727-4D9C-B35D-F84BB474A37F", "0d0466b0-e727-4d9c-b35d-f84bb474a37é",
        "0d0466b0-e727-4d9c-b35d\0f84bb474a37f", "cccccccccccccccccccccccccccccccccccc\0",
    ];

    public static IEnumerable<object[]> Actions => Requests.WithKey.Select(action => new object[] { action });

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Key_OfAnotherAccount_IsAsIfThereWereNone(string action)
    {
        var (customer, other) = (new Customer(server.Root), new Customer(await server.NewTenantAsync()));
        var theirs = await other.KeyAsync("theirs");
        await Requests.PrepareAsync(action, other, theirs);
        var before = (await other.DescribeAsync(theirs)).WithoutRequestId;
        var foreign = await customer.RefusedAsync("4000/10350", action, Requests.Of(action, theirs, ""));
        var unknown = await customer.RefusedAsync(
            "4000/10350", action, Requests.Of(action, Guid.NewGuid().ToString(), ""));
        Assert.Equal("ResourceUnavailable.CmkNotFound", foreign.Description);
        Assert.Equal(unknown.WithoutRequestId, foreign.WithoutRequestId);
        Assert.Equal(before, (await other.DescribeAsync(theirs)).WithoutRequestId);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task KeyId_OfAnotherForm_IsAsIfThereWereNone(string action)
    {
        var customer = new Customer(server.Root);
        var mine = await customer.KeyAsync();
        foreach (var form in s_malformed)
        {
            var parameters = Requests.Of(action, form.Replace("{0}", mine, StringComparison.Ordinal), "");
            var answer = await customer.RefusedAsync("4000/10350", action, parameters);
            Assert.Equal("ResourceUnavailable.CmkNotFound", answer.Description);
        }
    }

    [Fact]
    public async Task Ciphertext_OfAnotherAccount_IsAsIfItWereDamaged()
    {
        var (customer, other) = (new Customer(server.Root), new Customer(await server.NewTenantAsync()));
        var blob = await other.EncryptAsync(await other.KeyAsync("theirs"));
        var damaged = Convert.FromBase64String(await customer.EncryptAsync(await customer.KeyAsync()));
        damaged[^1] ^= 1;
        var foreign = await customer.RefusedAsync("4560/10670", "Decrypt", ("ciphertextBlob", blob));
        var own = await customer.RefusedAsync(
            "4560/10670", "Decrypt", ("ciphertextBlob", Convert.ToBase64String(damaged)));
        Assert.Equal(own.WithoutRequestId, foreign.WithoutRequestId);
    }

    [Fact]
    public async Task Names_OfAnotherAccount_AreFree()
    {
        var (one, other) = (new Customer(await server.NewTenantAsync()), new Customer(await server.NewTenantAsync()));
        var (first, second) = (await one.KeyAsync("name"), await other.KeyAsync("name"));
        Assert.Equal([first], await one.KeyIdsAsync());
        Assert.Equal([second], await other.KeyIdsAsync());
        Assert.Empty((await other.OkAsync("ListKey", ("keyId.0", first))).KeyIds());
        await one.OkAsync("SetKeyAttributes", ("keyId", first), ("alias", ""));
        Assert.Equal("name", await other.AliasAsync(second));
    }
}
