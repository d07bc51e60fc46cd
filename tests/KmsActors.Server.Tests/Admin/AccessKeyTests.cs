using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Access keys of accounts and users.</summary>
public sealed class AccessKeyTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task AccessKey_Made_SignsAtOnce_AndItsSecretIsToldOnce()
    {
        var tenant = await server.NewAccountAsync();
        var keys = $"accounts/{tenant.Account}/access-keys";
        var made = await Operator.MakeAsync(keys, new { });
        Assert.Matches("^LTAI[A-Za-z0-9]{20}$", made["id"]);
        Assert.Matches("^[A-Za-z0-9]{40}$", made["secret"]);
        Assert.Equal("True", made["enabled"]);
        Assert.False(made.Has("user") || made.Has("expiresAt"));
        Assert.Equal(server.Clock.GetUtcNow(), made.Json.GetProperty("createdAt").GetDateTimeOffset());
        await AssertSignsAsync(tenant with { Key = new Credentials(made["id"], made["secret"]) }, true);

        var rotated = await Operator.MakeAsync($"{keys}/{made["id"]}/rotate", new { });
        Assert.NotEqual(made["secret"], rotated["secret"]);
        // Nor is there anything else of that name.
        foreach (var later in new[]
        {
            await Operator.GetAsync($"{keys}/{made["id"]}"),
            await Operator.GetAsync(keys),
            await Operator.OkAsync("PATCH", $"{keys}/{made["id"]}", new { enabled = false }),
            await Operator.GetAsync($"accounts/{tenant.Account}"),
            await Operator.RefusedAsync(409, "AccessKeyExists", null, "POST", keys, new { id = made["id"] }),
        })
        {
            Assert.DoesNotContain("secret", later.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(made["secret"], later.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("id", "a", true)]
    [InlineData("id", "x*128", true)]
    [InlineData("id", "x*129", false)]
    [InlineData("id", "", false)]
    [InlineData("id", "a/b", false)]
    [InlineData("id", "钥", false)]
    [InlineData("secret", "!2345~78", true)]
    [InlineData("secret", "1234567", false)]
    [InlineData("secret", "x*128", true)]
    [InlineData("secret", "x*129", false)]
    [InlineData("secret", "with a space", false)]
    [InlineData("secret", "1234567é", false)]
    public async Task GivenOnes_AreHeldToTheirBounds(string field, string value, bool isGood)
    {
        var tenant = await server.NewAccountAsync();
        var given = new Dictionary<string, string> { [field] = HuaweiJson.Expand(value) };
        var keys = $"accounts/{tenant.Account}/access-keys";
        if (!isGood)
        {
            await Operator.InvalidAsync(field, "POST", keys, given);
            return;
        }

        var made = await Operator.MakeAsync(keys, given);
        Assert.Equal(given[field], made[field]);
        await AssertSignsAsync(tenant with { Key = new Credentials(made["id"], made["secret"]) }, true);
    }

    [Fact]
    public async Task Disabled_IsRefusedFromTheAnswerOn_AndEnabledSignsAgain()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}";
        for (var i = 0; i < 3; i++)
        {
            var disabled = await Operator.OkAsync("PATCH", path, new { enabled = false });
            Assert.Equal("False", disabled["enabled"]);
            await AssertSignsAsync(tenant, false);
            await Operator.OkAsync("PATCH", path, new { enabled = true });
            await AssertSignsAsync(tenant, true);
        }

        await Operator.DoneAsync("DELETE", path);
        (await tenant.CallAsync("ListKeys")).AssertRefused("InvalidAccessKeyId.NotFound");
        await Operator.RefusedAsync(404, "AccessKeyNotFound", null, "GET", path);
        await Operator.RefusedAsync(404, "AccessKeyNotFound", null, "DELETE", path);
    }

    [Fact]
    public async Task AccessKeys_AreListedByHolder()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}";
        await Operator.MakeAsync($"{path}/users", new { name = "holder" });
        await Operator.MakeAsync($"{path}/users", new { name = "other" });
        Credentials[] his =
        [
            await server.NewKeyAsync(tenant.Account, "holder"), await server.NewKeyAsync(tenant.Account, "holder"),
        ];
        var others = await server.NewKeyAsync(tenant.Account, "other");

        var own = await Operator.GetAsync($"{path}/access-keys");
        Assert.Equal([tenant.Key.Id], own.List("items", "id"));
        var listed = await Operator.GetAsync($"{path}/access-keys?user=holder");
        Assert.Equal(his.Select(key => key.Id).Order(StringComparer.Ordinal), listed.List("items", "id"));
        Assert.Equal(["holder", "holder"], listed.List("items", "user"));
        Assert.Equal(listed.List("items", "id"), (await Operator.GetAsync($"{path}/users/holder")).List("accessKeys"));
        await Operator.RefusedAsync(404, "UserNotFound", null, "GET", $"{path}/access-keys?user=nobody");
        await Operator.RefusedAsync(
            404, "UserNotFound", null, "POST", $"{path}/access-keys", new { user = "nobody" });

        // A user goes with his access keys, and a later one of his name has none of them.
        await Operator.DoneAsync("DELETE", $"{path}/users/holder");
        foreach (var key in his)
        {
            (await (tenant with { Key = key }).CallAsync("ListKeys")).AssertRefused("InvalidAccessKeyId.NotFound");
            await Operator.RefusedAsync(404, "AccessKeyNotFound", null, "GET", $"{path}/access-keys/{key.Id}");
        }

        await Operator.MakeAsync($"{path}/users", new { name = "holder" });
        Assert.Empty((await Operator.GetAsync($"{path}/access-keys?user=holder")).List("items"));
        Assert.Equal([others.Id], (await Operator.GetAsync($"{path}/access-keys?user=other")).List("items", "id"));
    }

    [Fact]
    public async Task Holder_OfTen_GetsNoEleventh()
    {
        var tenant = await server.NewAccountAsync();
        var keys = $"accounts/{tenant.Account}/access-keys";
        for (var i = 1; i < 10; i++) await server.NewKeyAsync(tenant.Account);
        await Operator.RefusedAsync(409, "LimitExceeded", null, "POST", keys, new { });
        await Operator.RefusedAsync(409, "LimitExceeded", null, "POST", $"{keys}/{tenant.Key.Id}/rotate", new { });
        await Operator.MakeAsync($"{keys}/{tenant.Key.Id}/rotate", new { overlapSeconds = 0 });
        var listed = (await Operator.GetAsync(keys)).List("items", "id");
        Assert.Equal(10, listed.Length);
        await Operator.DoneAsync("DELETE", $"{keys}/{listed[0]}");
        await server.NewKeyAsync(tenant.Account);
    }

    [Fact]
    public async Task AccessKey_OfAnotherAccount_IsNotThere()
    {
        var (tenant, other) = (await server.NewAccountAsync(), await server.NewAccountAsync());
        var keys = $"accounts/{other.Account}/access-keys";
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", "", null),
            ("PATCH", "", new { enabled = false }),
            ("POST", "/rotate", new { overlapSeconds = 0 }),
            ("DELETE", "", null),
        })
        {
            await Operator.RefusedAsync(
                404, "AccessKeyNotFound", null, method, $"{keys}/{tenant.Key.Id}{path}", body);
        }

        await Operator.RefusedAsync(409, "AccessKeyExists", null, "POST", keys, new { id = tenant.Key.Id });
        await AssertSignsAsync(tenant, true);
    }

    private static async Task AssertSignsAsync(Tenant tenant, bool isGood)
    {
        Assert.Equal(isGood ? "" : "Forbidden.AccessKey", (await tenant.CallAsync("ListKeys")).Code);
        Assert.Equal(isGood ? "" : "APIGW.0301", (await new Project(tenant).PostAsync("list-keys", new { })).Code);
        Assert.Equal(isGood ? "0" : "4100/10080", (await new Customer(tenant).CallAsync("ListKey")).Code);
    }
}
