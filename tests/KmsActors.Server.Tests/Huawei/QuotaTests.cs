using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>What an account may have, to the last one, however many ask at once.</summary>
public sealed class QuotaTests(QuotaTests.SmallServer server) : IClassFixture<QuotaTests.SmallServer>
{
    private const int Most = 5;
    private const int MostTokens = 2;

    [Fact]
    public async Task Keys_CreatedByManyAtOnce_StopAtTheQuota()
    {
        var project = await server.NewProjectAsync();
        await CompeteAsync(project, 3 * Most, Most);
        var keys = (await project.OkAsync("list-keys", new { })).List("keys");
        Assert.Equal(Most, keys.Length);
        // Not even the name of a key that was refused is left.
        Assert.Equal(Most, (await project.Tenant.AliasNamesAsync()).Count);

        // A key pending deletion counts until it is gone; a default master key never does.
        await project.OkAsync("schedule-key-deletion", new { key_id = keys[0], pending_days = "7" });
        await server.OperateAsync(project.Tenant.Account, new EnsureDefaultKey("obs/default"));
        await project.RefusedAsync("KMS.1105", "create-key", new { key_alias = "refused" });
        await UsesAsync(project, Most);
        server.Clock.Shift(TimeSpan.FromDays(7));
        await server.RunRemindersAsync();
        await UsesAsync(project, Most - 1);
        await CompeteAsync(project, 3 * Most, 1);
    }

    [Fact]
    public async Task Keys_OfBothProtocols_ShareTheQuota()
    {
        var project = await server.NewProjectAsync();
        for (var i = 0; i < Most; i++)
        {
            if (i % 2 == 0) await project.KeyAsync();
            else await project.Tenant.KeyAsync();
        }

        await project.RefusedAsync("KMS.1105", "create-key", new { key_alias = "a", origin = "external" });
        await project.Tenant.RefusedAsync("Rejected.LimitExceeded", null, "CreateKey");
        await UsesAsync(project, Most);
    }

    // The document has no code for it; the gateway's, which asks for patience, fits.
    [Fact]
    public async Task ImportTokens_TooMany_AreThrottled()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.ExternalKeyAsync();
        for (var i = 0; i < MostTokens; i++) await project.TokenAsync(keyId);
        await project.RefusedAsync(
            "APIGW.0308",
            "get-parameters-for-import",
            new { key_id = keyId, wrapping_algorithm = "RSAES_OAEP_SHA_256" });
    }

    [Fact]
    public async Task Tags_AddedByManyAtOnce_StopAtTen()
    {
        var project = await server.NewProjectAsync();
        var keyId = await project.KeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            project.PostAsync($"{keyId}/tags", new { tag = new { key = $"k{i}", value = "" } }))));
        Assert.Equal(10, answers.Count(answer => answer.Status == 204));
        Assert.All(answers.Where(answer => answer.Status != 204), answer => answer.AssertRefused("KMS.0409"));
        Assert.Equal(10, (await project.TagsAsync(keyId)).Length);
    }

    private static async Task UsesAsync(Project project, int keys)
    {
        var quotas = await project.GetAsync("user-quotas");
        Assert.Equal(keys, quotas.Number("quotas.resources.0.used"));
        Assert.Equal(Most, quotas.Number("quotas.resources.0.quota"));
        Assert.Equal(keys, (await project.GetAsync("user-instances")).Number("instance_num"));
    }

    // The client opens as many connections as there are calls under way.
    private static async Task CompeteAsync(Project project, int callers, int winners)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => project.PostAsync(
            "create-key", new { key_alias = Project.NewAlias(), origin = i % 3 == 0 ? "external" : "kms" }))));
        Assert.Equal(winners, answers.Count(answer => answer.Status == 200));
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.AssertRefused("KMS.1105"));
        await UsesAsync(project, Most);
    }

    /// <summary>A server of small accounts.</summary>
    public sealed class SmallServer : ProjectServer
    {
        protected override IEnumerable<string> MoreOptions =>
        [
            $"--Kms:Limits:KeysPerAccount={Most}",
            $"--Kms:Limits:ImportTokensPerAccount={MostTokens}",
        ];
    }
}
