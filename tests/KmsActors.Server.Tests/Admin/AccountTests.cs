namespace KmsActors.Server.Tests.Admin;

/// <summary>Accounts: made, named, listed, suspended.</summary>
public sealed class AccountTests(AdminServer server) : IClassFixture<AdminServer>
{
    private static int s_numbers;

    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Account_Made_IsDescribedTheSame_AndActs()
    {
        var number = NewNumber();
        var made = await Operator.MakeAsync("accounts", new { number, name = "Ünïcode 账户" });
        Assert.Equal((number, "Ünïcode 账户", "Active"), (made["number"], made["name"], made["state"]));
        Assert.Equal(server.Clock.GetUtcNow(), made.Json.GetProperty("createdAt").GetDateTimeOffset());
        Assert.False(made.Has("deletionDate"));
        Assert.Equal(made.Text, (await Operator.GetAsync($"accounts/{number}")).Text);
        await new Tenant(server, number, await server.NewKeyAsync(number)).KeyAsync();
        await Operator.RefusedAsync(409, "AccountExists", null, "POST", "accounts", new { number });
    }

    [Fact]
    public async Task Account_MadeWithoutANumber_HasOneOf16Digits()
    {
        var made = await Operator.MakeAsync("accounts", new { });
        Assert.Matches("^1[0-9]{15}$", made["number"]);
        Assert.Equal("", made["name"]);
        await Operator.MakeAsync("accounts", """{"number":null,"name":null}""");
    }

    [Theory]
    [InlineData("number", "a", true)]
    [InlineData("number", "A-1", true)]
    [InlineData("number", "x*32", true)]
    [InlineData("number", "x*33", false)]
    [InlineData("number", "", false)]
    [InlineData("number", "a_b", false)]
    [InlineData("number", "a/b", false)]
    [InlineData("number", "数", false)]
    [InlineData("name", "", true)]
    [InlineData("name", "名*128", true)]
    [InlineData("name", "名*129", false)]
    [InlineData("name", "a\tb", false)]
    [InlineData("name", "a\0b", false)]
    public async Task Fields_AreHeldToTheirBounds(string field, string value, bool isGood)
    {
        var text = Huawei.HuaweiJson.Expand(value);
        var body = new Dictionary<string, string> { [field] = text };
        if (isGood) Assert.Equal(text, (await Operator.MakeAsync("accounts", body))[field]);
        else await Operator.InvalidAsync(field, "POST", "accounts", body);
        if (field == "number") return;
        var path = $"accounts/{(await server.NewAccountAsync()).Account}";
        if (isGood) Assert.Equal(text, (await Operator.OkAsync("PATCH", path, body))[field]);
        else await Operator.InvalidAsync(field, "PATCH", path, body);
    }

    [Fact]
    public async Task Name_SaidAgain_ChangesNothing()
    {
        var path = $"accounts/{(await server.NewAccountAsync()).Account}";
        await Operator.OkAsync("PATCH", path, new { name = "new" });
        var before = server.Commits();
        Assert.Equal("new", (await Operator.OkAsync("PATCH", path, new { name = "new" }))["name"]);
        Assert.Equal(before, server.Commits());
    }

    [Fact]
    public async Task List_IsPagedByNumber()
    {
        var prefix = $"list-{Guid.NewGuid():N}"[..20];
        string[] numbers = [.. Enumerable.Range(0, 7).Select(i => $"{prefix}-{i}")];
        foreach (var number in numbers.Reverse()) await Operator.MakeAsync("accounts", new { number });

        List<string> listed = [];
        var after = prefix;
        for (var pages = 0; pages < 3; pages++)
        {
            var page = await Operator.GetAsync($"accounts?limit=3&after={after}");
            listed.AddRange(page.List("items", "number").Where(n => n.StartsWith(prefix, StringComparison.Ordinal)));
            if (!page.Has("next")) break;
            after = page["next"];
            Assert.Equal(page.List("items", "number")[^1], after);
        }

        Assert.Equal(numbers, listed);
        var all = await Operator.GetAsync("accounts?limit=1000");
        Assert.False(all.Has("next"));
        string[] everybody = all.List("items", "number");
        Assert.Contains(server.Root.Account, everybody);
        Assert.Equal(everybody.Order(StringComparer.Ordinal), everybody);
        var exact = await Operator.GetAsync($"accounts?limit={everybody.Length}");
        Assert.False(exact.Has("next"));
        Assert.Empty((await Operator.GetAsync("accounts?after=~")).List("items", "number"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit=1", null)]
    [InlineData("limit=1000", null)]
    [InlineData("after=a*128", null)]
    [InlineData("after=a*129", "after")]
    public async Task ListParameters_AreHeldToTheirBounds(string query, string? refused)
    {
        foreach (var list in new[] { "accounts", $"accounts/{server.Root.Account}/users" })
        {
            var path = $"{list}?{Expand(query)}";
            if (refused is null) await Operator.GetAsync(path);
            else await Operator.InvalidAsync(refused, "GET", path);
        }

        static string Expand(string query) =>
            query.Split('=') is [var name, var value] ? $"{name}={Huawei.HuaweiJson.Expand(value)}" : query;
    }

    [Fact]
    public async Task Root_IsNotDeleted()
    {
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "DELETE", $"accounts/{server.Root.Account}?days=0");
        await server.Root.KeyAsync();
    }

    private static string NewNumber() => $"account-{Interlocked.Increment(ref s_numbers)}";
}
