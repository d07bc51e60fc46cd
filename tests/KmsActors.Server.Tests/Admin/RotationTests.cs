namespace KmsActors.Server.Tests.Admin;

/// <summary>An access key in another's place.</summary>
public sealed class RotationTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotated_BothSign_UntilTheInstantOfTheEnd(bool isUsers)
    {
        var tenant = await server.NewAccountAsync();
        if (isUsers) tenant = tenant with { Key = await UserKeyAsync(tenant.Account) };
        var path = $"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}";
        var (rotated, successor) = await RotateAsync(tenant, new { overlapSeconds = 3600 });
        Assert.Equal((isUsers, isUsers ? "user" : ""), (rotated.Has("user"), isUsers ? rotated["user"] : ""));
        Assert.False(rotated.Has("expiresAt"));
        var end = server.Clock.GetUtcNow().AddHours(1);
        Assert.Equal(end, (await Operator.GetAsync(path)).Json.GetProperty("expiresAt").GetDateTimeOffset());

        server.Clock.ShiftTo(end - TimeSpan.FromTicks(1));
        await server.RunRemindersAsync();
        await tenant.OkAsync("ListKeys");
        await successor.OkAsync("ListKeys");
        server.Clock.ShiftTo(end);
        // By the clock, before anything has been done about it.
        (await tenant.CallAsync("ListKeys")).AssertRefused("Forbidden.AccessKey");
        await server.RunRemindersAsync();
        (await tenant.CallAsync("ListKeys")).AssertRefused("InvalidAccessKeyId.NotFound");
        await Operator.RefusedAsync(404, "AccessKeyNotFound", null, "GET", path);
        await successor.OkAsync("ListKeys");
        var held = await Operator.GetAsync($"accounts/{tenant.Account}/access-keys{(isUsers ? "?user=user" : "")}");
        Assert.Equal([successor.Key.Id], held.List("items", "id"));
    }

    [Fact]
    public async Task Rotated_WithoutOverlap_TheOldOneIsGoneAtOnce()
    {
        var tenant = await server.NewAccountAsync();
        var (_, successor) = await RotateAsync(tenant, new { overlapSeconds = 0 });
        (await tenant.CallAsync("ListKeys")).AssertRefused("InvalidAccessKeyId.NotFound");
        await successor.OkAsync("ListKeys");
    }

    [Theory]
    [InlineData("""{"overlapSeconds":1}""", 1)]
    [InlineData("""{"overlapSeconds":2592000}""", 2592000)]
    [InlineData("{}", 86400)]
    [InlineData(null, 86400)]
    public async Task Overlap_IsWhatIsSaid_OrADay(string? body, int seconds)
    {
        var tenant = await server.NewAccountAsync();
        await RotateAsync(tenant, body);
        var old = await Operator.GetAsync($"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}");
        var end = server.Clock.GetUtcNow().AddSeconds(seconds);
        Assert.Equal(end, old.Json.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2592001)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public async Task Overlap_OutOfBounds_IsRefused(int seconds)
    {
        var tenant = await server.NewAccountAsync();
        await Operator.InvalidAsync(
            "overlapSeconds",
            "POST",
            $"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}/rotate",
            new { overlapSeconds = seconds });
        await tenant.OkAsync("ListKeys");
    }

    [Fact]
    public async Task Rotated_Twice_NeverEndsLater()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}";
        await RotateAsync(tenant, new { overlapSeconds = 60 });
        var end = (await Operator.GetAsync(path))["expiresAt"];
        await RotateAsync(tenant, new { overlapSeconds = 3600 });
        Assert.Equal(end, (await Operator.GetAsync(path))["expiresAt"]);
        await RotateAsync(tenant, new { overlapSeconds = 30 });
        Assert.NotEqual(end, (await Operator.GetAsync(path))["expiresAt"]);
    }

    [Fact]
    public async Task Rotation_OverARestart_Ends()
    {
        var tenant = await server.NewAccountAsync();
        var (_, successor) = await RotateAsync(tenant, new { overlapSeconds = 60 });
        await server.RestartAsync();
        await tenant.OkAsync("ListKeys");
        server.Clock.Shift(TimeSpan.FromSeconds(60));
        (await tenant.CallAsync("ListKeys")).AssertRefused("Forbidden.AccessKey");
        await server.RunRemindersAsync();
        (await tenant.CallAsync("ListKeys")).AssertRefused("InvalidAccessKeyId.NotFound");
        await successor.OkAsync("ListKeys");
    }

    // The id can come again, and is then another access key's.
    [Fact]
    public async Task AccessKey_MadeAnewUnderTheIdOfARotatedOne_DoesNotEndWithThat()
    {
        var tenant = await server.NewAccountAsync();
        var keys = $"accounts/{tenant.Account}/access-keys";
        var (_, successor) = await RotateAsync(tenant, new { overlapSeconds = 60 });
        await Operator.DoneAsync("DELETE", $"{keys}/{tenant.Key.Id}");
        await Operator.MakeAsync(keys, new { id = tenant.Key.Id, secret = tenant.Key.Secret });
        server.Clock.Shift(TimeSpan.FromSeconds(60));
        await server.RunRemindersAsync();
        await tenant.OkAsync("ListKeys");
        await successor.OkAsync("ListKeys");
    }

    private async Task<(AdminAnswer Answer, Tenant Successor)> RotateAsync(Tenant tenant, object? body)
    {
        var path = $"accounts/{tenant.Account}/access-keys/{tenant.Key.Id}/rotate";
        var rotated = await Operator.OkAsync("POST", path, body, 201);
        var successor = tenant with { Key = new Credentials(rotated["id"], rotated["secret"]) };
        await successor.OkAsync("ListKeys");
        return (rotated, successor);
    }

    private async Task<Credentials> UserKeyAsync(string account)
    {
        await Operator.MakeAsync($"accounts/{account}/users", new { name = "user" });
        await Operator.OkAsync("PUT", $"accounts/{account}/users/user/policies", AdminServer.Allow("kms:*"));
        return await server.NewKeyAsync(account, "user");
    }
}
