namespace KmsActors.Server.Tests.Tencent;

/// <summary>A key's alias, which is its own name and one of its aliases by the other protocols.</summary>
public sealed class AliasTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Name_Changed_TakesThePlaceOfTheOneBefore()
    {
        var customer = await NewAsync();
        var keyId = await customer.KeyAsync("first");
        await customer.OkAsync("SetKeyAttributes", ("keyId", keyId), ("alias", "second"));
        Assert.Equal("second", await customer.AliasAsync(keyId));
        Assert.Equal(["alias/second"], await customer.Tenant.AliasNamesAsync());
        await customer.KeyAsync("first");
        var before = server.Commits();
        await customer.OkAsync("SetKeyAttributes", ("keyId", keyId), ("alias", "second"));
        Assert.Equal(before, server.Commits());
    }

    [Fact]
    public async Task Name_OfNoCharacters_IsNone()
    {
        var customer = await NewAsync();
        var keyId = await customer.KeyAsync("name");
        await customer.Tenant.OkAsync("CreateAlias", ("AliasName", "alias/other"), ("KeyId", keyId));
        await customer.OkAsync("SetKeyAttributes", ("keyId", keyId), ("alias", ""));
        Assert.Equal("", await customer.AliasAsync(keyId));
        Assert.Equal(["alias/other"], await customer.Tenant.AliasNamesAsync());
        var before = server.Commits();
        await customer.OkAsync("SetKeyAttributes", ("keyId", keyId), ("alias", ""));
        Assert.Equal(before, server.Commits());

        // Free for another, and the key may have one again.
        await customer.KeyAsync("name");
        await customer.OkAsync("SetKeyAttributes", ("keyId", keyId), ("alias", "again"));
        Assert.Equal("again", await customer.AliasAsync(keyId));
    }

    [Fact]
    public async Task Name_OfNoCharacters_IsForKeysThatMayBeRenamed()
    {
        var customer = await NewAsync();
        var keyId = await customer.KeyAsync("name");
        await customer.OkAsync("ScheduleKeyDeletion", ("keyId", keyId), ("pendingWindowInDays", "7"));
        await customer.RefusedAsync("4000/10350", "SetKeyAttributes", ("keyId", keyId), ("alias", ""));
        Assert.Equal("name", await customer.AliasAsync(keyId));
        var unknown = Guid.NewGuid().ToString();
        await customer.RefusedAsync("4000/10350", "SetKeyAttributes", ("keyId", unknown), ("alias", ""));
    }

    [Fact]
    public async Task Names_TakenAndGivenUpByMany_AreOneKeysEach()
    {
        var customer = await NewAsync();
        var keys = new[] { await customer.KeyAsync("a"), await customer.KeyAsync("b"), await customer.KeyAsync("c") };
        var wanted = new[] { "", "a", "b", "c", "d" };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 25; i++)
            {
                Args rename = [("keyId", keys[random.Next(3)]), ("alias", wanted[random.Next(wanted.Length)])];
                var answer = await customer.CallAsync("SetKeyAttributes", rename);
                Assert.Contains(answer.Code, new[] { "0", "4500/10480" });
            }
        }));
        var own = await Task.WhenAll(keys.Select(customer.AliasAsync));
        Assert.Equal(
            own.Where(name => name.Length > 0).Select(name => $"alias/{name}").Order(StringComparer.Ordinal),
            (await customer.Tenant.AliasNamesAsync()).Order(StringComparer.Ordinal));
    }

    private async Task<Customer> NewAsync() => new(await server.NewTenantAsync());
}
