using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Default master keys that the operator makes before they are used.</summary>
public sealed class DefaultKeyTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task DefaultKey_IsMadeOnce_AndIsTheOneThatIsUsed()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}/default-keys/obs";
        var made = await Operator.OkAsync("PUT", path);
        Assert.Equal("obs/default", made["alias"]);
        var before = server.Commits();
        Assert.Equal(made.Text, (await Operator.OkAsync("PUT", path)).Text);
        Assert.Equal(before, server.Commits());
        var used = await tenant.OkAsync("Encrypt", ("KeyId", "alias/obs/default"), ("Plaintext", "aGk="));
        Assert.Equal(made["keyId"], used["KeyId"]);
        await server.RestartAsync();
        Assert.Equal(made.Text, (await Operator.OkAsync("PUT", path)).Text);
        Assert.Equal([made["keyId"]], await tenant.KeyIdsAsync());
        var other = await Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/evs");
        Assert.NotEqual(made["keyId"], other["keyId"]);
        await tenant.RefusedAsync("UnsupportedOperation", null, "DisableKey", ("KeyId", made["keyId"]));
    }

    [Fact]
    public async Task DefaultKey_MadeByManyAtOnce_IsOne()
    {
        var tenant = await server.NewAccountAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/obs"))));
        Assert.Equal([Assert.Single(made.Select(answer => answer["keyId"]).Distinct())], await tenant.KeyIdsAsync());
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("OBS")]
    [InlineData("obs%2Fdefault")]
    [InlineData("%20")]
    public async Task Service_ThatIsNotTheOperators_IsRefused(string service)
    {
        var tenant = await server.NewAccountAsync();
        await Operator.InvalidAsync("service", "PUT", $"accounts/{tenant.Account}/default-keys/{service}");
        Assert.Empty(await tenant.KeyIdsAsync());
    }

    [Fact]
    public async Task Suspended_DefaultKeyIsMade_AndIsUsedThen()
    {
        var tenant = await server.NewAccountAsync();
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/suspend");
        var made = await Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/obs");
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/resume");
        Assert.Equal([made["keyId"]], await tenant.KeyIdsAsync());
    }

    [Fact]
    public async Task DefaultKeys_AreEachProjectsOwn()
    {
        var tenant = await server.NewAccountAsync();
        var made = await Operator.MakeAsync($"accounts/{tenant.Account}/projects", new { name = "cn-hangzhou_2" });
        await Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/obs");
        var second = new Project(tenant) { Id = made["id"] };
        Assert.Empty((await second.OkAsync("list-keys", new { })).List("keys"));
        Assert.Single((await new Project(tenant).OkAsync("list-keys", new { })).List("keys"));
    }
}
