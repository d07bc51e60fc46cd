namespace KmsActors.Server.Tests.Admin;

/// <summary>
/// Every change of the operator's is in the audit record, as the operator's, with the answer's request.
/// </summary>
public sealed class AuditTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Changes_AreRecorded_AsTheOperators()
    {
        const string root = "accounts/audited";
        var policies = AdminServer.Allow("*");
        var key = new { id = "audited-1", secret = "secret-of-audited" };
        foreach (var (method, path, body, happened) in new (string, string, object?, string)[]
        {
            ("POST", "accounts", new { number = "audited" }, "AccountCreated"),
            ("PATCH", root, new { name = "new" }, "AccountRenamed"),
            ("POST", $"{root}/suspend", null, "AccountSuspended"),
            ("POST", $"{root}/resume", null, "AccountResumed"),
            ("PATCH", $"{root}/limits", new { quotas = new { keys = 1 } }, "AccountLimitsChanged"),
            ("PUT", $"{root}/default-keys/obs", null, "KeyCreated,AliasCreated"),
            ("POST", $"{root}/projects", new { name = "cn-hangzhou_2" }, "ProjectCreated"),
            ("POST", $"{root}/users", new { name = "u" }, "UserCreated"),
            ("PUT", $"{root}/users/u/policies", policies, "UserPoliciesChanged"),
            ("PUT", $"{root}/users/u/password", new { password = "password-1" }, "PasswordChanged"),
            ("DELETE", $"{root}/users/u/password", null, "PasswordChanged"),
            ("POST", $"{root}/groups", new { name = "g" }, "GroupCreated"),
            ("PUT", $"{root}/groups/g/policies", policies, "GroupPoliciesChanged"),
            ("PUT", $"{root}/users/u/groups/g", null, "UserJoinedGroup"),
            ("DELETE", $"{root}/users/u/groups/g", null, "UserLeftGroup"),
            ("DELETE", $"{root}/groups/g", null, "GroupDeleted"),
            ("PATCH", $"{root}/users/u", new { enabled = false }, "UserDisabled"),
            ("PATCH", $"{root}/users/u", new { enabled = true }, "UserEnabled"),
            ("POST", $"{root}/access-keys", key, "AccessKeyCreated"),
            ("PATCH", $"{root}/access-keys/audited-1", new { enabled = false }, "AccessKeyDisabled"),
            ("PATCH", $"{root}/access-keys/audited-1", new { enabled = true }, "AccessKeyEnabled"),
            ("POST", $"{root}/access-keys/audited-1/rotate", null, "AccessKeyReplaced,AccessKeyCreated"),
            ("DELETE", $"{root}/access-keys/audited-1", null, "AccessKeyDeleted"),
            ("DELETE", $"{root}/users/u", null, "UserDeleted"),
            ("DELETE", root, null, "AccountDeletionScheduled"),
            ("POST", $"{root}/cancel-deletion", null, "AccountDeletionCancelled"),
        })
        {
            var before = server.Commits();
            var answer = await server.Operator.SendAsync(method, path, body);
            Assert.True(answer.Status < 300, $"{path}: {answer.Text}");
            Assert.Equal((happened, before + 1), (happened, server.Commits()));
            Assert.Equal(
                $"operator {answer.RequestId} {Sorted(happened)}",
                Sorted((string)server.Query(
                    "SELECT actor || ' ' || request_id || ' ' || events FROM audit WHERE seq = $seq",
                    ("$seq", before + 1))!));
        }
    }

    [Fact]
    public async Task KeysRate_AndAProjectsState_AreRecordedToo()
    {
        var tenant = await server.NewAccountAsync();
        var root = $"accounts/{tenant.Account}";
        var rate = $"{root}/keys/{await tenant.KeyAsync()}/rate";
        var project = await server.Operator.MakeAsync($"{root}/projects", new { name = "cn-hangzhou_2" });
        foreach (var (method, path, body, happened) in new (string, string, object?, string)[]
        {
            ("PUT", rate, new { perSecond = 1 }, "KeyRateChanged"),
            ("DELETE", rate, null, "KeyRateChanged"),
            ("PATCH", $"{root}/projects/{project["id"]}", new { enabled = false }, "ProjectDisabled"),
            ("PATCH", $"{root}/projects/{project["id"]}", new { enabled = true }, "ProjectEnabled"),
        })
        {
            var answer = await server.Operator.SendAsync(method, path, body);
            Assert.Equal($"operator {answer.RequestId} {happened}", Last());
            var before = server.Commits();
            // Said again, nothing has happened.
            await server.Operator.SendAsync(method, path, body);
            Assert.Equal(before, server.Commits());
        }
    }

    private string Last() => (string)server.Query(
        "SELECT actor || ' ' || request_id || ' ' || events FROM audit ORDER BY seq DESC LIMIT 1")!;

    // Of several grains in one commit the order is the grains'.
    private static string Sorted(string row)
    {
        var at = row.LastIndexOf(' ') + 1;
        return row[..at] + string.Join(',', row[at..].Split(',').Order(StringComparer.Ordinal));
    }
}
