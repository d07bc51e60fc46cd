using System.Collections.Immutable;
using KmsActors.Grains;
using KmsActors.Operations;
using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests;

/// <summary>Limits of accounts and keys, in each protocol's words. The clock stands still until it is moved.</summary>
public sealed class ThrottlingTests(ThrottlingTests.SlowServer server) : IClassFixture<ThrottlingTests.SlowServer>
{
    private const int Management = 20;
    private const int Symmetric = 5;
    private const int Asymmetric = 3;
    private const int OneKey = 4;

    private static readonly Rate Two = new(2, 2);

    [Fact]
    public async Task Account_PastItsLimit_IsToldWhenToComeAgain_AndNobodyElseIs()
    {
        var (busy, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        for (var i = 0; i < Management; i++) await busy.OkAsync("ListKeys");
        await ThrottledAsync(busy, "ListKeys");
        // A call that changes something, one that nobody may make, and one that is for everybody.
        await ThrottledAsync(busy, "CreateKey");
        await ThrottledAsync(busy, "DescribeKey", ("KeyId", "nonsense"));
        await ThrottledAsync(busy, "DescribeRegions");
        await other.OkAsync("ListKeys");

        server.Clock.Shift(TimeSpan.FromSeconds(1.0 / Management));
        await busy.OkAsync("ListKeys");
        await ThrottledAsync(busy, "ListKeys");
        server.Clock.Shift(TimeSpan.FromSeconds(10));
        for (var i = 0; i < Management; i++) await busy.OkAsync("ListKeys");
        await ThrottledAsync(busy, "ListKeys");
    }

    [Fact]
    public async Task Classes_OfCalls_HaveLimitsOfTheirOwn()
    {
        var tenant = await server.NewTenantAsync();
        var (keys, pair) = (new[] { await tenant.KeyAsync(), await tenant.KeyAsync() }, await tenant.PairAsync("EC_P256"));
        for (var i = 0; i < Symmetric; i++) await tenant.EncryptAsync(keys[i % 2]);
        await ThrottledAsync(tenant, "Encrypt", ("KeyId", keys[0]), ("Plaintext", "YQ=="));
        await ThrottledAsync(tenant, "GenerateDataKey", ("KeyId", keys[0]));
        for (var i = 0; i < Asymmetric; i++) await tenant.OkAsync("GetPublicKey", pair.With());
        await ThrottledAsync(tenant, "GetPublicKey", pair.With());
        await tenant.OkAsync("DescribeKey", ("KeyId", keys[0]));
    }

    [Fact]
    public async Task Huawei_SaysItInItsOwnWords_AndCountsTheSameCalls()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        await project.Tenant.EncryptAsync(keyId);
        for (var i = 1; i < OneKey; i++) await project.EncryptAsync(keyId);
        var refused = await project.RefusedAsync(
            "APIGW.0308", "encrypt-data", new { key_id = keyId, plain_text = "of one key" });
        Assert.Equal((429, "1"), (refused.Status, refused.RetryAfter));
        // Another key is not at its limit, but one more call, and the account is.
        await project.RefusedAsync("APIGW.0308", "gen-random", new { random_data_length = "8" });
        await project.OkAsync("describe-key", new { key_id = keyId });
    }

    [Fact]
    public async Task Limits_OfAnAccountAndOfAKey_TakeThePlaceOfTheServices_AtOnce()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        await server.OperateAsync(tenant.Account, new SetKeyRate(keyId, Two));
        for (var i = 0; i < 2; i++) await tenant.EncryptAsync(keyId);
        await ThrottledAsync(tenant, "Encrypt", ("KeyId", keyId), ("Plaintext", "YQ=="));
        await server.OperateAsync(tenant.Account, new SetKeyRate(keyId, Rate.Unlimited));
        await tenant.EncryptAsync(keyId);

        await server.OperateAsync(tenant.Account, Rates(CallClass.Symmetric, Rate.Unlimited));
        for (var i = 0; i < 3 * Symmetric; i++) await tenant.EncryptAsync(keyId);
        await server.OperateAsync(tenant.Account, Rates(CallClass.Management, Two));
        // The call that made the key has not quite been made up for.
        await tenant.OkAsync("ListKeys");
        await ThrottledAsync(tenant, "ListKeys");
        server.Clock.Shift(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 2; i++) await tenant.OkAsync("ListKeys");
        await ThrottledAsync(tenant, "ListKeys");

        await server.StopAsync();
        await server.StartAsync();
        for (var i = 0; i < 2; i++) await tenant.OkAsync("ListKeys");
        await ThrottledAsync(tenant, "ListKeys");
    }

    // Else who calls too often would fill what all have in common, and a thief could use up another's calls.
    [Fact]
    public async Task Throttled_SpendsNoNonce_AndAReplayCountsAgainstNobody()
    {
        var tenant = await server.NewTenantAsync();
        await server.OperateAsync(tenant.Account, Rates(CallClass.Management, Two));
        var served = tenant.Client.Sign("ListKeys");
        (await tenant.Client.SendAsync(served)).AssertOk();
        for (var i = 0; i < 5; i++) (await tenant.Client.SendAsync(served)).AssertRefused("SignatureNonceUsed");
        await tenant.OkAsync("ListKeys");
        var throttled = tenant.Client.Sign("ListKeys");
        (await tenant.Client.SendAsync(throttled)).AssertRefused("Rejected.Throttling");

        var customer = new Customer(tenant).Client;
        var later = customer.Sign("ListKey");
        (await customer.SendAsync(later)).AssertRefused("4420/10250");

        server.Clock.Shift(TimeSpan.FromSeconds(1));
        (await tenant.Client.SendAsync(throttled)).AssertOk();
        (await customer.SendAsync(later)).AssertOk();
        (await tenant.Client.SendAsync(throttled)).AssertRefused("SignatureNonceUsed");
        (await customer.SendAsync(later)).AssertRefused("4100/10030", "AuthFailure.SignatureUsed");
    }

    private async Task ThrottledAsync(Tenant tenant, string action, params Args parameters)
    {
        var before = server.Commits();
        var answer = await tenant.CallAsync(action, parameters);
        answer.AssertRefused("Rejected.Throttling");
        Assert.Equal((429, "1"), (answer.Status, answer.RetryAfter));
        Assert.Equal(before, server.Commits());
    }

    private static ChangeAccountLimits Rates(CallClass callClass, Rate rate) =>
        new() { Rates = new Dictionary<CallClass, Rate?> { [callClass] = rate } };

    /// <summary>A server of small limits.</summary>
    public sealed class SlowServer : ProjectServer
    {
        protected override IEnumerable<string> MoreOptions =>
        [
            $"--Kms:Limits:ManagementCallsPerSecond={Management}",
            $"--Kms:Limits:SymmetricCallsPerSecond={Symmetric}",
            $"--Kms:Limits:AsymmetricCallsPerSecond={Asymmetric}",
            $"--Kms:Limits:UsesOfKeyPerSecond={OneKey}",
        ];
    }
}
