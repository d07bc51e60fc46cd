using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests.Admin;

/// <summary>
/// Rates of one account and of one key, in each protocol's words. The clock stands still until it is moved.
/// </summary>
public sealed class RateTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Theory]
    [InlineData("management")]
    [InlineData("symmetric")]
    [InlineData("asymmetric")]
    public async Task Rate_OfOneClass_HoldsAtOnce_ForThatClassAndAccountAlone(string limited)
    {
        var (tenant, other) = (await server.NewAccountAsync(), await server.NewAccountAsync());
        var (keyId, pair) = (await tenant.KeyAsync(), await tenant.PairAsync("EC_P256"));
        var calls = new Dictionary<string, Func<Task<Answer>>>
        {
            ["management"] = () => tenant.CallAsync("ListKeys"),
            ["symmetric"] = () => tenant.CallAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "aGk=")),
            ["asymmetric"] = () => tenant.CallAsync("GetPublicKey", pair.With()),
        };
        await PatchAsync(tenant, limited, new { perSecond = 1, burst = 3 });
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 3; i++) (await calls[limited]()).AssertOk();
            await AssertThrottledAsync(calls[limited]);
            foreach (var call in calls.Where(call => call.Key != limited).Select(call => call.Value))
                for (var i = 0; i < 5; i++) (await call()).AssertOk();
            await other.OkAsync("ListKeys");
            // What has been taken is memory's alone, the limit is not.
            if (round == 0) await server.RestartAsync();
        }

        server.Clock.Shift(TimeSpan.FromSeconds(1));
        (await calls[limited]()).AssertOk();
        await AssertThrottledAsync(calls[limited]);
        await PatchAsync(tenant, limited, null);
        for (var i = 0; i < 5; i++) (await calls[limited]()).AssertOk();
    }

    [Fact]
    public async Task Rate_IsSharedByTheProtocols_AndSaidInEachOnesWords()
    {
        var tenant = await server.NewAccountAsync();
        var (huawei, tencent) = (new Project(tenant), new Customer(tenant));
        var keyId = await tenant.KeyAsync();
        await PatchAsync(tenant, "symmetric", new { perSecond = 1, burst = 3 });
        await tenant.EncryptAsync(keyId);
        await huawei.EncryptAsync(keyId);
        await tencent.EncryptAsync(keyId);
        await AssertThrottledAsync(() => tenant.CallAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "aGk=")));
        var refused = await huawei.RefusedAsync("APIGW.0308", "encrypt-data", new { key_id = keyId, plain_text = "a" });
        Assert.Equal((429, "1"), (refused.Status, refused.RetryAfter));
        await tencent.RefusedAsync("4420/10250", "Encrypt", ("keyId", keyId), ("plaintext", Customer.Hello));
        await huawei.OkAsync("describe-key", new { key_id = keyId });
    }

    [Fact]
    public async Task KeysRate_HoldsForThatKeyAlone_InItsProject()
    {
        var tenant = await server.NewAccountAsync();
        var made = await Operator.MakeAsync($"accounts/{tenant.Account}/projects", new { name = "cn-hangzhou_2" });
        foreach (var project in new[] { new Project(tenant), new Project(tenant) { Id = made["id"] } })
        {
            var (slow, free) = (await project.KeyAsync(), await project.KeyAsync());
            var path = $"accounts/{tenant.Account}/keys/{slow}/rate?project={project.Id}";
            var set = await Operator.OkAsync("PUT", path, new { perSecond = 2 });
            Assert.Equal(("2", "2", "True"), (set["perSecond"], set["burst"], set["isOwn"]));
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < 2; i++) await project.EncryptAsync(slow);
                await project.RefusedAsync("APIGW.0308", "encrypt-data", new { key_id = slow, plain_text = "a" });
                for (var i = 0; i < 5; i++) await project.EncryptAsync(free);
                if (round == 0) await server.RestartAsync();
            }

            await Operator.DoneAsync("DELETE", path);
            for (var i = 0; i < 5; i++) await project.EncryptAsync(slow);
        }
    }

    private Task PatchAsync(Tenant tenant, string rate, object? value)
    {
        var rates = new Dictionary<string, object?> { [rate] = value };
        return Operator.OkAsync("PATCH", $"accounts/{tenant.Account}/limits", new { rates });
    }

    private async Task AssertThrottledAsync(Func<Task<Answer>> call)
    {
        var before = server.Commits();
        var answer = await call();
        answer.AssertRefused("Rejected.Throttling");
        Assert.Equal((429, "1"), (answer.Status, answer.RetryAfter));
        Assert.Equal(before, server.Commits());
    }
}
