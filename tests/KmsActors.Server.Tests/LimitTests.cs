namespace KmsActors.Server.Tests;

/// <summary>What an account may have, to the last one, however many ask at once.</summary>
public sealed class LimitTests(LimitTests.SmallServer server) : IClassFixture<LimitTests.SmallServer>
{
    private const int Most = 3;
    private const int Callers = 32;

    // Each call for a token takes a pair of RSA keys, a third of a second's work, before it is refused.
    private const int TokenCallers = 8;

    [Fact]
    public async Task Keys_CreatedByManyAtOnce_StopAtTheLimit()
    {
        var tenant = await server.NewTenantAsync();
        await CompeteAsync(Callers, Most, _ => tenant.CallAsync("CreateKey"));
        var keys = await tenant.KeyIdsAsync();
        Assert.Equal(Most, keys.Count);

        await tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keys[0]), ("PendingWindowInDays", "7"));
        await tenant.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        await CompeteAsync(Callers, 1, _ => tenant.CallAsync("CreateKey"));
    }

    [Fact]
    public async Task Aliases_CreatedByManyAtOnce_StopAtTheLimit()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        await CompeteAsync(
            Callers, Most, i => tenant.CallAsync("CreateAlias", ("AliasName", $"alias/{i}"), ("KeyId", keyId)));
        var aliases = await tenant.AliasNamesAsync();
        Assert.Equal(Most, aliases.Count);

        await tenant.OkAsync("DeleteAlias", ("AliasName", aliases[0]));
        await CompeteAsync(
            Callers, 1, i => tenant.CallAsync("CreateAlias", ("AliasName", $"alias/again-{i}"), ("KeyId", keyId)));
    }

    [Fact]
    public async Task Alias_OfOneNameByManyAtOnce_IsMadeOnce()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.KeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(
            _ => tenant.CallAsync("CreateAlias", ("AliasName", "alias/one"), ("KeyId", keyId))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.AssertRefused("AliasAlreadyExists"));
    }

    [Fact]
    public async Task ImportTokens_IssuedToManyAtOnce_StopAtTheLimit()
    {
        var tenant = await server.NewTenantAsync();
        var keyId = await tenant.ExternalKeyAsync();
        await CompeteAsync(TokenCallers, Most, _ => tenant.CallAsync(
            "GetParametersForImport",
            ("KeyId", keyId), ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"), ("WrappingKeySpec", "RSA_2048")));
    }

    private async Task CompeteAsync(int callers, int winners, Func<int, Task<Answer>> call)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => call(i))));
        Assert.Equal(winners, answers.Count(answer => answer.Status == 200));
        Assert.All(
            answers.Where(answer => answer.Status != 200), answer => answer.AssertRefused("Rejected.LimitExceeded"));

        var before = server.Commits();
        (await call(callers)).AssertRefused("Rejected.LimitExceeded");
        Assert.Equal(before, server.Commits());
    }

    /// <summary>A server of small accounts.</summary>
    public sealed class SmallServer : TestServer
    {
        protected override IEnumerable<string> MoreOptions =>
        [
            $"--Kms:Limits:KeysPerAccount={Most}",
            $"--Kms:Limits:AliasesPerAccount={Most}",
            $"--Kms:Limits:ImportTokensPerAccount={Most}",
        ];
    }
}
