using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Quotas of one account: how they are changed, and what follows in each protocol.</summary>
public sealed class LimitTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Patch_ChangesWhatIsNamed_NullTakesItBack_AndTheRestStays()
    {
        var path = await PathAsync();
        var before = await Operator.GetAsync(path);
        Assert.DoesNotContain("\"isOwn\":true", before.Text, StringComparison.Ordinal);
        Assert.Equal(("0", "0"), (before["rates.symmetric.perSecond"], before["rates.symmetric.burst"]));
        Assert.Equal(("100000", "0"), (before["quotas.keys.limit"], before["quotas.keys.used"]));
        Assert.False(before.Has("quotas.tagsPerKey.used"));

        await Operator.OkAsync("PATCH", path, """
            {"rates":{"symmetric":{"perSecond":5},"asymmetric":{"perSecond":1,"burst":9}},"quotas":{"keys":3,"users":0}}
            """);
        var set = await Operator.OkAsync("PATCH", path, """{"quotas":{"aliases":7}}""");
        Assert.Equal(("5", "5", "True"), (
            set["rates.symmetric.perSecond"], set["rates.symmetric.burst"], set["rates.symmetric.isOwn"]));
        Assert.Equal(("1", "9"), (set["rates.asymmetric.perSecond"], set["rates.asymmetric.burst"]));
        Assert.Equal("False", set["rates.management.isOwn"]);
        Assert.Equal(("3", "True"), (set["quotas.keys.limit"], set["quotas.keys.isOwn"]));
        Assert.Equal(("0", "7", "1000"), (
            set["quotas.users.limit"], set["quotas.aliases.limit"], set["quotas.groups.limit"]));
        Assert.Equal(set.Text, (await Operator.GetAsync(path)).Text);
        await server.RestartAsync();
        Assert.Equal(set.Text, (await Operator.GetAsync(path)).Text);

        var commits = server.Commits();
        string[] nothings = ["{}", """{"rates":null,"quotas":null}""", """{"rates":{},"quotas":{"keys":3}}"""];
        foreach (var nothing in nothings)
            Assert.Equal(set.Text, (await Operator.OkAsync("PATCH", path, nothing)).Text);
        Assert.Equal(commits, server.Commits());
        var back = await Operator.OkAsync("PATCH", path, """
            {
              "rates":{"symmetric":null,"asymmetric":null},
              "quotas":{"keys":null,"users":null,"aliases":null,"groups":null}
            }
            """);
        Assert.Equal(before.Text, back.Text);
    }

    [Theory]
    [InlineData("keys", 100_000_000)]
    [InlineData("aliases", 100_000_000)]
    [InlineData("tagsPerKey", 50)]
    [InlineData("importTokens", 1_000_000)]
    [InlineData("users", 1_000_000)]
    [InlineData("groups", 1_000_000)]
    [InlineData("tokens", 10_000_000)]
    public async Task Quota_IsHeldToItsBounds(string quota, long most)
    {
        var path = await PathAsync();
        foreach (var good in new[] { 0, 1, most })
        {
            var body = $$$"""{"quotas":{"{{{quota}}}":{{{good}}}}}""";
            Assert.Equal($"{good}", (await Operator.OkAsync("PATCH", path, body))[$"quotas.{quota}.limit"]);
        }

        foreach (var bad in new[] { -1, most + 1, long.MaxValue, long.MinValue })
            await Operator.InvalidAsync("quotas", "PATCH", path, $$$"""{"quotas":{"{{{quota}}}":{{{bad}}}}}""");
    }

    [Theory]
    [InlineData("management")]
    [InlineData("symmetric")]
    [InlineData("asymmetric")]
    public async Task Rate_IsHeldToItsBounds(string rate)
    {
        var path = await PathAsync();
        foreach (var (perSecond, burst, isGood) in Rates())
        {
            var body = $$"""{"rates":{"{{rate}}":{"perSecond":{{perSecond}},"burst":{{burst}} } } }""";
            if (!isGood)
            {
                await Operator.InvalidAsync("rates", "PATCH", path, body);
                continue;
            }

            var set = await Operator.OkAsync("PATCH", path, body);
            Assert.Equal((perSecond, burst), (set[$"rates.{rate}.perSecond"], set[$"rates.{rate}.burst"]));
        }

        await Operator.InvalidAsync("rates.nosuch", "PATCH", path, """{"rates":{"nosuch":{"perSecond":1}}}""");
        await Operator.InvalidAsync("quotas.nosuch", "PATCH", path, """{"quotas":{"nosuch":1}}""");
    }

    [Fact]
    public async Task KeysRate_IsHeldToItsBounds()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}/keys/{await tenant.KeyAsync()}/rate";
        foreach (var (perSecond, burst, isGood) in Rates())
        {
            var body = $$"""{"perSecond":{{perSecond}},"burst":{{burst}}}""";
            if (isGood) Assert.Equal("True", (await Operator.OkAsync("PUT", path, body))["isOwn"]);
            else await Operator.InvalidAsync("perSecond", "PUT", path, body);
        }

        await Operator.DoneAsync("DELETE", path);
        Assert.Equal("False", (await Operator.GetAsync(path))["isOwn"]);
        foreach (var call in AdminCallTable.About("{key}"))
        {
            await Operator.RefusedAsync(404, "KeyNotFound", null, call.Method, call.At(tenant.Account), call.Body);
            await Operator.RefusedAsync(
                404, "ProjectNotFound", null, call.Method, call.At(tenant.Account) + "?project=x", call.Body);
        }
    }

    [Fact]
    public async Task Keys_BelowUse_ExistingStay_NewOnesAreRefusedByEveryProtocol()
    {
        var tenant = await server.NewAccountAsync();
        var (huawei, tencent) = (new Project(tenant), new Customer(tenant));
        var keyId = await tenant.KeyAsync();
        await huawei.KeyAsync();
        await tencent.KeyAsync();
        await Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/obs");
        await SetAsync(tenant, "keys", 1);
        Assert.Equal("3", await UsedAsync(tenant, "keys"));
        Assert.Equal((3, 1), await QuotaAsync(huawei));
        await tenant.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
        await huawei.RefusedAsync("KMS.1105", "create-key", new { key_alias = "more" });
        await tencent.RefusedAsync("4510/10610", "CreateKey", ("alias", "more"));
        await tenant.EncryptAsync(keyId);
        await SetAsync(tenant, "keys", 4);
        Assert.Equal((3, 4), await QuotaAsync(huawei));
        await tencent.KeyAsync();
        await tenant.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
        await Operator.OkAsync("PUT", $"accounts/{tenant.Account}/default-keys/evs");
        await SetAsync(tenant, "keys", null);
        await tenant.KeyAsync();
    }

    [Fact]
    public async Task Aliases_Tags_AndImportTokens_StopAtTheAccountsOwn()
    {
        var tenant = await server.NewAccountAsync();
        var huawei = new Project(tenant);
        var (keyId, external) = (await tenant.KeyAsync(), await tenant.ExternalKeyAsync());
        await tenant.AliasAsync(keyId);
        await tenant.TokenAsync(external);
        await huawei.TagAsync(keyId, "a", "");
        foreach (var (quota, used) in new[] { ("aliases", "1"), ("importTokens", "1"), ("tagsPerKey", null) })
        {
            await SetAsync(tenant, quota, 0);
            if (used is not null) Assert.Equal(used, await UsedAsync(tenant, quota));
        }

        foreach (var i in Enumerable.Range(0, 2))
        {
            await tenant.RefusedAsync(
                "Rejected.LimitExceeded", null, "CreateAlias", ("AliasName", "alias/more"), ("KeyId", keyId));
            await tenant.RefusedAsync(
                "Rejected.LimitExceeded",
                null,
                "TagResource",
                ("KeyId", keyId),
                ("Tags", """[{"TagKey":"c","TagValue":""}]"""));
            await huawei.RefusedAsync("KMS.0409", $"{keyId}/tags", new { tag = new { key = "d", value = "" } });
            await huawei.RefusedAsync(
                "APIGW.0308",
                "get-parameters-for-import",
                new { key_id = external, wrapping_algorithm = "RSAES_OAEP_SHA_256" });
            Assert.Equal(i + 1, (await huawei.TagsAsync(keyId)).Length);
            if (i == 1) break;
            foreach (var quota in new[] { "aliases", "importTokens", "tagsPerKey" }) await SetAsync(tenant, quota, 2);
            await tenant.AliasAsync(keyId);
            await tenant.TokenAsync(external);
            await huawei.TagAsync(keyId, "b", "");
        }
    }

    [Fact]
    public async Task Users_Groups_AndTokens_StopAtTheAccountsOwn()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}";
        var (name, token) = await server.NewUserAsync(tenant.Account);
        await Operator.MakeAsync($"{path}/groups", new { name = "g" });
        foreach (var quota in new[] { "users", "groups", "tokens" })
        {
            await SetAsync(tenant, quota, 1);
            Assert.Equal("1", await UsedAsync(tenant, quota));
        }

        await Operator.RefusedAsync(409, "LimitExceeded", null, "POST", $"{path}/users", new { name = "v" });
        await Operator.RefusedAsync(409, "LimitExceeded", null, "POST", $"{path}/groups", new { name = "h" });
        var iam = new IamClient(server);
        (await iam.LogInAsync(tenant.Account, name, "his password")).AssertError(403, "Forbidden");
        (await iam.GetAsync("/v3/projects", ("X-Auth-Token", token))).AssertStatus(200);
        foreach (var quota in new[] { "users", "groups", "tokens" }) await SetAsync(tenant, quota, 2);
        await Operator.MakeAsync($"{path}/users", new { name = "v" });
        await Operator.MakeAsync($"{path}/groups", new { name = "h" });
        (await iam.LogInAsync(tenant.Account, name, "his password")).AssertStatus(201);
    }

    // Both sides of each bound; a rate of nothing a second is none.
    private static IEnumerable<(string PerSecond, string Burst, bool IsGood)> Rates() =>
    [
        ("1", "1", true), ("1000000", "1000000", true), ("1", "1000000", true), ("0", "0", true),
        ("-1", "1", false), ("1", "-1", false), ("1", "0", false), ("1000001", "1", false), ("1", "1000001", false),
        ("2147483647", "1", false), ("-2147483648", "-2147483648", false), ("0", "-1", false), ("0", "1000001", false),
    ];

    private async Task<string> PathAsync() => $"accounts/{(await server.NewAccountAsync()).Account}/limits";

    private Task<AdminAnswer> SetAsync(Tenant tenant, string quota, long? most)
    {
        var quotas = new Dictionary<string, long?> { [quota] = most };
        return Operator.OkAsync("PATCH", $"accounts/{tenant.Account}/limits", new { quotas });
    }

    private async Task<string> UsedAsync(Tenant tenant, string quota) =>
        (await Operator.GetAsync($"accounts/{tenant.Account}/limits"))[$"quotas.{quota}.used"];

    private static async Task<(long Used, long Quota)> QuotaAsync(Project project)
    {
        var quotas = await project.GetAsync("user-quotas");
        return (quotas.Number("quotas.resources.0.used"), quotas.Number("quotas.resources.0.quota"));
    }
}
