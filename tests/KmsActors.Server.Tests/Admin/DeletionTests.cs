namespace KmsActors.Server.Tests.Admin;

/// <summary>An account that waits for its deletion.</summary>
public sealed class DeletionTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Theory]
    [InlineData("?days=0", 30)]
    [InlineData("?days=1", 24 * 60 * 60)]
    [InlineData("?days=1096", 1096 * 24 * 60 * 60)]
    [InlineData("", 30 * 24 * 60 * 60)]
    public async Task Deletion_IsOnItsDate_AndNotBefore(string query, int seconds)
    {
        var path = $"accounts/{(await server.NewAccountAsync()).Account}";
        var scheduled = await Operator.OkAsync("DELETE", path + query, status: 202);
        var due = server.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        Assert.Equal("PendingDeletion", scheduled["state"]);
        Assert.Equal(due, scheduled.Json.GetProperty("deletionDate").GetDateTimeOffset());
        server.Clock.ShiftTo(due - TimeSpan.FromTicks(1));
        await server.RunRemindersAsync();
        Assert.Equal(scheduled.Text, (await Operator.GetAsync(path)).Text);
        server.Clock.ShiftTo(due);
        // It is too late, though nothing has happened yet.
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "POST", $"{path}/cancel-deletion");
        await server.RunRemindersAsync();
        await Operator.RefusedAsync(404, "AccountNotFound", null, "GET", path);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1097")]
    [InlineData("2147483647")]
    [InlineData("99999999999")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task Days_OutOfBounds_AreRefused(string days)
    {
        var tenant = await server.NewAccountAsync();
        await Operator.InvalidAsync("days", "DELETE", $"accounts/{tenant.Account}?days={days}");
        await tenant.OkAsync("ListKeys");
    }

    [Fact]
    public async Task Pending_EveryDoorIsShut_AndCancelled_ItIsSuspended()
    {
        var doors = await Doors.OfNewAccountAsync(server);
        var path = $"accounts/{doors.Tenant.Account}";
        await Operator.OkAsync("DELETE", $"{path}?days=7", status: 202);
        await doors.AssertShutAsync();
        var cancelled = await Operator.OkAsync("POST", $"{path}/cancel-deletion");
        Assert.Equal(("Suspended", false), (cancelled["state"], cancelled.Has("deletionDate")));
        await doors.AssertShutAsync();
        await Operator.OkAsync("POST", $"{path}/resume");
        await doors.AssertOpenAsync();
        server.Clock.Shift(TimeSpan.FromDays(8));
        await server.RunRemindersAsync();
        await doors.Tenant.OkAsync("ListKeys");
    }

    [Fact]
    public async Task Pending_NothingIsAdded_ButWhatThereIsCanBeSeenAndChanged()
    {
        var tenant = await server.NewAccountAsync();
        var path = $"accounts/{tenant.Account}";
        await Operator.MakeAsync($"{path}/users", new { name = "u" });
        await Operator.RefusedAsync(409, "StateNotAllowed", null, "POST", $"{path}/cancel-deletion");
        await Operator.OkAsync("DELETE", $"{path}?days=7", status: 202);
        foreach (var (method, call, body) in new (string, string, object?)[]
        {
            ("DELETE", "?days=1", null),
            ("POST", "/suspend", null),
            ("POST", "/resume", null),
            ("POST", "/users", new { name = "v" }),
            ("POST", "/groups", new { name = "g" }),
            ("POST", "/projects", new { name = "cn-hangzhou_p" }),
            ("POST", "/access-keys", new { }),
            ("POST", "/access-keys", new { user = "u" }),
            ("POST", $"/access-keys/{tenant.Key.Id}/rotate", new { overlapSeconds = 0 }),
            ("PUT", "/default-keys/obs", null),
        })
        {
            await Operator.RefusedAsync(409, "StateNotAllowed", null, method, path + call, body);
        }

        await Operator.OkAsync("PATCH", path, new { name = "still there" });
        await Operator.OkAsync("PATCH", $"{path}/users/u", new { enabled = false });
        await Operator.DoneAsync("DELETE", $"{path}/users/u");
        Assert.Equal("0", (await Operator.GetAsync($"{path}/limits"))["quotas.users.used"]);
    }
}
