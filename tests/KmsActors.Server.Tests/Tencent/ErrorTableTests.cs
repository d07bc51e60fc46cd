using System.Collections.Immutable;
using System.Reflection;
using KmsActors.Grains;
using KmsActors.Operations;
using KmsActors.Protocols.Tencent;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>Every error of the protocol's table: how to get it.</summary>
public sealed class ErrorTableTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Unknown = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";

    // By the name of the error in the product; the two of the server's own faults have tests below.
    private static readonly Dictionary<string, Func<Customer, Task<TencentAnswer>>> s_ways = new()
    {
        ["RequestInvalid"] = c => c.CallAsync("ListKey", ("a", "1"), ("a", "1")),
        ["ActionUnknown"] = c => c.CallAsync("ListKeys"),
        ["MethodUnexpected"] = c => c.Client.SendAsync(c.Client.Sign("ListKey") with { Method = "PUT" }),
        ["RequestUnreadable"] = c => c.Client.SendAsync(c.Client.Sign("ListKey") with { Body = "a=%zz" }),
        ["SecretIdMalformed"] = c => (c.Client with { Key = new("no-such", "x") }).CallAsync("ListKey"),
        ["SecretIdUnknown"] = c => (c.Client with { Key = new("AKIDnosuch", "x") }).CallAsync("ListKey"),
        ["SignatureWrong"] = c => (c.Client with { Key = c.Client.Key with { Secret = "x" } }).CallAsync("ListKey"),
        ["TimestampExpired"] = c => (c.Client with { Common = [("Timestamp", "1463122059")] }).CallAsync("ListKey"),
        ["RequestReplayed"] = async c =>
        {
            var call = c.Client.Sign("ListKey");
            (await c.Client.SendAsync(call)).AssertOk();
            return await c.Client.SendAsync(call);
        },
        ["Throttled"] = async c =>
        {
            var once = new Dictionary<CallClass, Rate?> { [CallClass.Management] = new Rate(1, 1) };
            await c.Server.OperateAsync(c.Tenant.Account, new ChangeAccountLimits { Rates = once });
            (await c.CallAsync("ListKey")).AssertOk();
            return await c.CallAsync("ListKey");
        },
        ["SecretIdDisabled"] = async c =>
        {
            await c.Server.OperateAsync(c.Tenant.Account, new SetAccessKeyStatus(c.Tenant.Key.Id, false));
            return await c.CallAsync("ListKey");
        },
        ["Forbidden"] = async c => await (await c.AsUserAsync(Grains.PolicyScope.All)).CallAsync("ListKey"),
        ["KeyUsageIllegal"] = c => c.CallAsync("CreateKey", ("alias", "a"), ("keyUsage", "SIGN")),
        ["AliasExists"] = async c =>
        {
            await c.KeyAsync("a");
            return await c.CallAsync("CreateKey", ("alias", "a"));
        },
        ["TooManyKeys"] = async c =>
        {
            for (var i = 0; i < LimitedServer.MostKeys; i++) await c.KeyAsync();
            return await c.CallAsync("CreateKey", ("alias", "one too many"));
        },
        ["KeySpecIllegal"] = async c =>
            await c.CallAsync("GenerateDataKey", ("keyId", await c.KeyAsync()), ("keySpec", "DES")),
        ["EncryptionContextIllegal"] = c => c.CallAsync(
            "Encrypt", ("keyId", Unknown), ("plaintext", Customer.Hello), ("encryptionContext", "nope")),
        ["DecryptionFailed"] = c => c.CallAsync("Decrypt", ("ciphertextBlob", Requests.Base64Of(200))),
        ["CiphertextBlobInvalid"] = c => c.CallAsync("Decrypt", ("ciphertextBlob", "AAAA")),
        ["PlaintextNotBase64"] = c => c.CallAsync("Encrypt", ("keyId", Unknown), ("plaintext", "?")),
        ["KeyNotFound"] = c => c.CallAsync("GetKeyAttributes", ("keyId", Unknown)),
        // What a key's state forbids has the whole StateTableTests; here each once.
        ["KeyDisabled"] = async c => await UseAsync(c, "DisableKey", "Encrypt"),
        ["KeyPendingDeletion"] = async c => await UseAsync(c, "ScheduleKeyDeletion", "EnableKey"),
        ["KeyPendingImport"] = async c => await c.CallAsync("EnableKey", ("keyId", await c.KeyAsync(type: "2"))),
        ["KeyNotPendingDeletion"] = async c => await UseAsync(c, "EnableKey", "CancelKeyDeletion"),
        ["KeyUnsuitable"] = async c => await c.CallAsync(
            "Encrypt", ("keyId", (await c.Tenant.PairAsync("EC_P256")).KeyId), ("plaintext", Customer.Hello)),
    };

    public static IEnumerable<object[]> Names => s_ways.Keys.Select(name => new object[] { name });

    [Fact]
    public void Ways_AgainstTheTable_HaveEveryErrorThatCanArise() => Assert.Equal(
        Table().Keys.Except(["InternalError", "Unavailable"]).Order(StringComparer.Ordinal),
        s_ways.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Error_OfEachRow_Arises(string name)
    {
        await using var other = new LimitedServer();
        var isLimited = name == "TooManyKeys";
        if (isLimited) await other.InitializeAsync();
        var answer = await s_ways[name](new Customer(await (isLimited ? other : server).NewTenantAsync()));
        var expected = Table()[name];
        Assert.Equal(expected.Description, answer.Description);
        Assert.EndsWith(expected.Text, answer.Words, StringComparison.Ordinal);
        // The use of a key has codes of its own, with the same words about why.
        if (answer.Code != "4560/10660") answer.AssertRefused($"{expected.Code}/{expected.Module}");
    }

    [Fact]
    public async Task Store_ThatIsClosed_MakesTheServiceUnavailable()
    {
        await using var other = new LimitedServer();
        await other.InitializeAsync();
        var customer = new Customer(other.Root);
        var keyId = await customer.KeyAsync();
        await other.CloseStoreAsync();
        Assert.Equal("ServiceUnavailable", (await customer.CallAsync("ListKey")).AssertRefused("6000/10050").Description);
        var call = customer.Client.Sign("DisableKey", ("keyId", keyId));
        var raw = await RawHttp.ExchangeAsync(other.Address, call.ToText(other.Address));
        Assert.Equal((200, "1"), (raw.Status, raw.Headers["retry-after"]));
    }

    private static async Task<TencentAnswer> UseAsync(Customer customer, string before, string action)
    {
        var keyId = await customer.KeyAsync();
        await customer.OkAsync(before, Requests.Of(before, keyId, ""));
        return await customer.CallAsync(action, Requests.Of(action, keyId, ""));
    }

    private static Dictionary<string, TencentError> Table() =>
        typeof(TencentErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (TencentError)field.GetValue(null)!);

    private sealed class LimitedServer : TestServer, IAsyncDisposable
    {
        public const int MostKeys = 2;

        protected override IEnumerable<string> MoreOptions => [$"--Kms:Limits:KeysPerAccount={MostKeys}"];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
