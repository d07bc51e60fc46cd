namespace KmsActors.Server.Tests.Admin;

/// <summary>A suspended account: nobody acts for it, and what it has stays.</summary>
public sealed class SuspensionTests(AdminServer server) : IClassFixture<AdminServer>
{
    private AdminClient Operator => server.Operator;

    [Fact]
    public async Task Suspended_EveryDoorIsShut_AndResumed_AllAreOpenAgain()
    {
        var (doors, other) = (await Doors.OfNewAccountAsync(server), await server.NewAccountAsync());
        var blob = await doors.Tenant.EncryptAsync(await doors.Tenant.KeyAsync());
        await doors.AssertOpenAsync();
        var path = $"accounts/{doors.Tenant.Account}";
        Assert.Equal("Suspended", (await Operator.OkAsync("POST", $"{path}/suspend"))["state"]);
        await doors.AssertShutAsync();
        await other.KeyAsync();
        await server.RestartAsync();
        await doors.AssertShutAsync();

        // It may be given more meanwhile.
        var key = await server.NewKeyAsync(doors.Tenant.Account);
        (await (doors.Tenant with { Key = key }).CallAsync("ListKeys")).AssertRefused("Forbidden.AccessKey");
        Assert.Equal("Active", (await Operator.OkAsync("POST", $"{path}/resume"))["state"]);
        await doors.AssertOpenAsync();
        Assert.Equal("aGVsbG8=", await doors.Tenant.DecryptAsync(blob));
        await (doors.Tenant with { Key = key }).OkAsync("ListKeys");
    }

    [Fact]
    public async Task Suspension_Repeated_ChangesNothing()
    {
        var path = $"accounts/{(await server.NewAccountAsync()).Account}";
        foreach (var (call, state) in new[] { ("suspend", "Suspended"), ("resume", "Active") })
        {
            await Operator.OkAsync("POST", $"{path}/{call}");
            var before = server.Commits();
            Assert.Equal(state, (await Operator.OkAsync("POST", $"{path}/{call}"))["state"]);
            Assert.Equal(before, server.Commits());
        }
    }

    [Fact]
    public async Task Secret_ThatIsWrong_IsNotToldOfTheSuspension()
    {
        var tenant = await server.NewAccountAsync();
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/suspend");
        var stranger = tenant with { Key = tenant.Key with { Secret = "no secret of mine" } };
        (await stranger.CallAsync("ListKeys")).AssertRefused("IncompleteSignature");
    }

    [Fact]
    public async Task Suspended_WhatIsScheduled_GoesOn()
    {
        var tenant = await server.NewAccountAsync();
        var (dying, rotating) = (await tenant.KeyAsync(), await tenant.RotatingKeyAsync());
        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", dying), ("PendingWindowInDays", "7"));
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/suspend");
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/resume");
        await tenant.RefusedAsync("Forbidden.KeyNotFound", null, "DescribeKey", ("KeyId", dying));
        Assert.Equal(2, (await tenant.VersionsAsync(rotating)).Count);
    }

    [Fact]
    public async Task Suspended_UnderLoad_NoCallThatBeganAfterTheAnswerSucceeds()
    {
        const int callers = 8;
        var tenant = await server.NewAccountAsync();
        var keyId = await tenant.KeyAsync();
        var (served, suspended, late) = (0, 0, 0);
        var enough = new TaskCompletionSource();
        using var end = new CancellationTokenSource();

        var callsUnderWay = Enumerable.Range(0, callers).Select(i => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var beganAfter = Volatile.Read(ref suspended) == 1;
                var answer = i % 2 == 0
                    ? await tenant.CallAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="))
                    : await tenant.CallAsync("CreateKey");
                if (answer.Status != 200) answer.AssertRefused("Forbidden.AccessKey");
                else if (beganAfter) Interlocked.Increment(ref late);
                if (answer.Status == 200 && Interlocked.Increment(ref served) == 5 * callers) enough.SetResult();
                if (beganAfter) return;
            }
        })).ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Operator.OkAsync("POST", $"accounts/{tenant.Account}/suspend");
        Volatile.Write(ref suspended, 1);
        await Task.WhenAll(callsUnderWay);
        Assert.Equal(0, late);
    }
}
