using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Users and groups, and what they may do then.</summary>
public sealed class UserTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task User_Made_IsDescribed_AndListed()
    {
        var users = $"accounts/{(await server.NewAccountAsync()).Account}/users";
        foreach (var name in new[] { "b", "B", "a b", "a@b.c" }) await Operator.MakeAsync(users, new { name });
        var user = await Operator.GetAsync($"{users}/a%20b");
        Assert.Matches("^[0-9a-f]{32}$", user["id"]);
        Assert.Equal(("a b", "True", "False"), (user["name"], user["enabled"], user["hasPassword"]));
        Assert.Empty(user.List("groups").Concat(user.List("policies")).Concat(user.List("accessKeys")));
        Assert.Equal(server.Clock.GetUtcNow(), user.Json.GetProperty("createdAt").GetDateTimeOffset());
        Assert.False(user.Has("lockedUntil"));
        await Operator.RefusedAsync(409, "UserExists", null, "POST", users, new { name = "b" });

        var first = await Operator.GetAsync($"{users}?limit=3");
        Assert.Equal(["B", "a b", "a@b.c"], first.List("items", "name"));
        var rest = await Operator.GetAsync($"{users}?limit=3&after={Uri.EscapeDataString(first["next"])}");
        Assert.Equal(["b"], rest.List("items", "name"));
        Assert.False(rest.Has("next"));
        await Operator.DoneAsync("DELETE", $"{users}/b");
        await Operator.RefusedAsync(404, "UserNotFound", null, "DELETE", $"{users}/b");
        Assert.Equal(3, (await Operator.GetAsync(users)).List("items", "name").Length);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("x*64", true)]
    [InlineData("x*65", false)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    [InlineData("a/b", false)]
    [InlineData("名", false)]
    public async Task Name_IsHeldToItsBounds(string value, bool isGood)
    {
        var account = $"accounts/{(await server.NewAccountAsync()).Account}";
        var body = new { name = HuaweiJson.Expand(value) };
        foreach (var list in new[] { "users", "groups" })
        {
            if (isGood) Assert.Equal(body.name, (await Operator.MakeAsync($"{account}/{list}", body))["name"]);
            else await Operator.InvalidAsync("name", "POST", $"{account}/{list}", body);
        }
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("x*129")]
    [InlineData("x*5000")]
    [InlineData("x*100000")]
    [InlineData("密*20000")]
    public async Task Password_OutOfBounds_IsRefused(string value)
    {
        var users = $"accounts/{(await server.NewAccountAsync()).Account}/users";
        var password = HuaweiJson.Expand(value);
        await Operator.MakeAsync(users, new { name = "there" });
        await Operator.InvalidAsync("password", "PUT", $"{users}/there/password", new { password });
        await Operator.InvalidAsync("password", "POST", users, new { name = "new", password });
        await Operator.RefusedAsync(404, "UserNotFound", null, "GET", $"{users}/new");
    }

    [Fact]
    public async Task Password_Changed_LogsIn_AndTokensOfBeforeAreDead()
    {
        var tenant = await server.NewAccountAsync();
        var (name, token) = await server.NewUserAsync(tenant.Account, "the first one");
        var user = $"accounts/{tenant.Account}/users/{name}";
        await Operator.OkAsync("PUT", $"{user}/policies", AdminServer.Allow("*"));
        Assert.Equal("", await ListKeysAsync(tenant, token));
        await Operator.DoneAsync("PUT", $"{user}/password", new { password = "второй \"парол\"" });
        Assert.Equal("KMS.0302", await ListKeysAsync(tenant, token));
        var iam = new IamClient(server);
        (await iam.LogInAsync(tenant.Account, name, "the first one")).AssertStatus(401);
        var second = (await iam.LogInAsync(tenant.Account, name, "второй \"парол\"")).AssertStatus(201).SubjectToken;
        Assert.Equal("", await ListKeysAsync(tenant, second));

        // A token of before does not come back when its user may act again.
        await Operator.OkAsync("PATCH", user, new { enabled = false });
        Assert.Equal("KMS.0302", await ListKeysAsync(tenant, second));
        (await iam.LogInAsync(tenant.Account, name, "второй \"парол\"")).AssertStatus(401);
        Assert.Equal("True", (await Operator.OkAsync("PATCH", user, new { enabled = true }))["enabled"]);
        Assert.Equal("KMS.0302", await ListKeysAsync(tenant, second));
        await Operator.DoneAsync("DELETE", $"{user}/password");
        Assert.Equal("False", (await Operator.GetAsync(user))["hasPassword"]);
        (await iam.LogInAsync(tenant.Account, name, "второй \"парол\"")).AssertStatus(401);
    }

    [Fact]
    public async Task User_WhoGuessedTooOften_IsShownAsLocked()
    {
        var tenant = await server.NewAccountAsync();
        var (name, _) = await server.NewUserAsync(tenant.Account);
        for (var i = 0; i < 5; i++)
            (await new IamClient(server).LogInAsync(tenant.Account, name, "wrong")).AssertStatus(401);
        var user = await Operator.GetAsync($"accounts/{tenant.Account}/users/{name}");
        var until = user.Json.GetProperty("lockedUntil").GetDateTimeOffset();
        Assert.Equal(server.Clock.GetUtcNow().AddSeconds(1), until);
    }

    [Fact]
    public async Task User_Disabled_IsRefusedFromTheAnswerOn_AlsoByAccessKey()
    {
        var tenant = await server.NewAccountAsync();
        var users = $"accounts/{tenant.Account}/users";
        await Operator.MakeAsync(users, new { name = "u" });
        await Operator.OkAsync("PUT", $"{users}/u/policies", AdminServer.Allow("*"));
        var his = tenant with { Key = await server.NewKeyAsync(tenant.Account, "u") };
        for (var i = 0; i < 2; i++)
        {
            await his.OkAsync("ListKeys");
            await Operator.OkAsync("PATCH", $"{users}/u", new { enabled = false });
            (await his.CallAsync("ListKeys")).AssertRefused("Forbidden.AccessKey");
            await Operator.OkAsync("PATCH", $"{users}/u", new { enabled = true });
        }
    }

    [Fact]
    public async Task User_OfAnotherAccount_IsNotThere()
    {
        var (mine, theirs) = (await server.NewAccountAsync(), await server.NewAccountAsync());
        await Operator.MakeAsync($"accounts/{mine.Account}/users", new { name = "u" });
        await Operator.MakeAsync($"accounts/{theirs.Account}/groups", new { name = "g" });
        foreach (var call in AdminCallTable.About("{user}"))
        {
            var path = call.At(theirs.Account, "u");
            await Operator.RefusedAsync(404, "UserNotFound", null, call.Method, path, call.Body);
        }
    }

    [Fact]
    public async Task TheAccountItself_AsAUser_TakesNeitherPoliciesNorGroups()
    {
        var account = (await server.NewAccountAsync()).Account;
        var self = $"accounts/{account}/users/{account}";
        await Operator.MakeAsync($"accounts/{account}/users", new { name = account });
        await Operator.MakeAsync($"accounts/{account}/groups", new { name = "g" });
        await Operator.InvalidAsync("user", "PUT", $"{self}/policies", AdminServer.Allow("*"));
        await Operator.InvalidAsync("user", "PUT", $"{self}/groups/g");
    }

    private static async Task<string> ListKeysAsync(Tenant tenant, string token) =>
        (await new Project(tenant) { Token = token }.PostAsync("list-keys", new { })).Code;
}
