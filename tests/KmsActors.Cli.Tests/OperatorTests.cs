using static KmsActors.Cli.Tests.KeyTests;

namespace KmsActors.Cli.Tests;

[Collection(RealServer.Name)]
public sealed class OperatorTests(RealServer server)
{
    private static int s_accounts;

    [Fact]
    public async Task Account_ThroughItsLife_IsInEachState()
    {
        var account = NewNumber();
        var made = await server.OkAsync("accounts", "create", account, "--name", "erste 客户", "--json");
        Assert.Equal("Active", made["state"]);
        Assert.Contains("name     \terste 客户\n", (await server.OkAsync("accounts", "show", account)).Out, StringComparison.Ordinal);
        Assert.Equal("other", (await server.OkAsync("accounts", "rename", account, "other", "--json"))["name"]);
        Assert.Equal("Suspended", (await server.OkAsync("accounts", "suspend", account, "--json"))["state"]);
        Assert.Equal("Active", (await server.OkAsync("accounts", "resume", account, "--json"))["state"]);
        (await server.RunAsync("accounts", "delete", account)).AssertFailed(ExitCode.Usage, "--yes");
        var deleted = await server.OkAsync("accounts", "delete", account, "--days", "3", "--yes", "--json");
        Assert.Equal("PendingDeletion", deleted["state"]);
        Assert.Equal("Suspended", (await server.OkAsync("accounts", "cancel-deletion", account, "--json"))["state"]);
        (await server.RunAsync("accounts", "create", account)).AssertFailed(ExitCode.Refused, "AccountExists: ");
        (await server.RunAsync("accounts", "show", account + "x")).AssertFailed(ExitCode.Refused, "AccountNotFound: ");
    }

    [Fact]
    public async Task Accounts_ManyAtOnce_AreAllListed()
    {
        var made = await server.OkAsync("accounts", "create", "--count", "20", "--name", "many");
        Assert.Equal("number,name,state,createdAt", Cells(made.Lines[0]));
        var numbers = made.Lines[1..].Select(line => line.Split('\t')[0].Trim()).ToHashSet();
        Assert.Equal(20, numbers.Count);
        var listed = (await server.OkAsync("accounts", "list", "--json")).Json.EnumerateArray()
            .Select(account => account.GetProperty("number").GetString()!);
        Assert.Superset(numbers, listed.ToHashSet());
        Assert.Equal(4, (await server.OkAsync("accounts", "list", "--limit", "3")).Lines.Length);
    }

    [Fact]
    public async Task Delete_AnsweredOnATerminal_IsDoneForAYesAlone()
    {
        var account = await NewAccountAsync();
        string[] delete = server.With("accounts", "delete", account);
        var no = await new Invocation { IsTerminal = true, Typed = "ja\n" }.RunAsync(delete);
        no.AssertFailed(ExitCode.Cancelled, "Nothing is deleted.");
        var interrupted = await new Invocation { IsTerminal = true, Typed = "yes\u0003" }.RunAsync(delete);
        interrupted.AssertFailed(ExitCode.Cancelled, "Cancelled.");
        Assert.Equal("Active", (await server.OkAsync("accounts", "show", account, "--json"))["state"]);
        var yes = await new Invocation { IsTerminal = true, Typed = "yess\b\n" }.RunAsync([.. delete, "--json"]);
        Assert.Equal("PendingDeletion", yes.AssertDone()["state"]);
        Assert.Contains($"Account {account} and all of its keys", yes.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projects_AllTheirCommands_DoWhatTheySay()
    {
        var account = await NewAccountAsync();
        var id = (await server.OkAsync("projects", "create", account, "cn-hangzhou_two", "--json"))["id"];
        var listed = (await server.OkAsync("projects", "list", account)).Lines;
        Assert.StartsWith("id,name,isFirst,enabled,keys,createdAt", Cells(listed[0]), StringComparison.Ordinal);
        Assert.StartsWith($"{id},cn-hangzhou_two,false,true,0,20", Cells(listed[2]), StringComparison.Ordinal);
        Assert.Equal("False", (await server.OkAsync("projects", "disable", account, id, "--json"))["enabled"]);
        Assert.Equal("True", (await server.OkAsync("projects", "enable", account, id, "--json"))["enabled"]);
    }

    [Fact]
    public async Task Users_AllTheirCommands_DoWhatTheySay()
    {
        var account = await NewAccountAsync();
        var made = await new Invocation { Input = "first-password\r\n"u8.ToArray() }.RunAsync(
            server.With("users", "create", account, "a b@c", "--password-stdin", "--json"));
        Assert.Equal("True", made.AssertDone()["hasPassword"]);
        await server.OkAsync("groups", "create", account, "devs");
        await server.OkAsync("users", "join", account, "a b@c", "devs");
        Assert.Equal(
            "name,enabled,hasPassword,groups,policies,accessKeys;a b@c,true,true,devs,,",
            Cells((await server.OkAsync("users", "list", account)).Lines));
        await server.OkAsync("users", "leave", account, "a b@c", "devs");
        Assert.Equal("[]", (await server.OkAsync("users", "show", account, "a b@c", "--json"))["groups"]);
        Assert.Equal("False", (await server.OkAsync("users", "disable", account, "a b@c", "--json"))["enabled"]);
        Assert.Equal("True", (await server.OkAsync("users", "enable", account, "a b@c", "--json"))["enabled"]);
        await server.OkAsync("users", "set-password", account, "a b@c", "--none");
        Assert.Equal("False", (await server.OkAsync("users", "show", account, "a b@c", "--json"))["hasPassword"]);
        Assert.Equal("name,policies,createdAt", Cells((await server.OkAsync("groups", "list", account)).Lines[0]));
        Assert.Equal("devs", (await server.OkAsync("groups", "show", account, "devs", "--json"))["name"]);
        await server.OkAsync("groups", "delete", account, "devs");
        Assert.Equal("{}", (await server.OkAsync("users", "delete", account, "a b@c", "--json")).Out.Trim());
        (await server.RunAsync("users", "show", account, "a b@c")).AssertFailed(ExitCode.Refused, "UserNotFound: ");
    }

    [Fact]
    public async Task Password_TypedOnATerminal_IsNotShown()
    {
        var account = await NewAccountAsync();
        await server.OkAsync("users", "create", account, "u");
        string[] set = server.With("users", "set-password", account, "u");
        var typed = await new Invocation { IsTerminal = true, Typed = "pass-worx\bd1\npass-word1\n" }.RunAsync(set);
        Assert.DoesNotContain("pass", typed.AssertDone().Error + typed.Out, StringComparison.Ordinal);
        Assert.Equal("True", (await server.OkAsync("users", "show", account, "u", "--json"))["hasPassword"]);
        var different = await new Invocation { IsTerminal = true, Typed = "pass-word1\npass-word2\n" }.RunAsync(set);
        different.AssertFailed(ExitCode.Usage, "not the same");
        (await server.RunAsync("users", "set-password", account, "u")).AssertFailed(ExitCode.Usage, "--password-stdin");
        var prompted = await new Invocation { IsTerminal = true, Typed = "pass-word1\npass-word1\n" }.RunAsync(
            server.With("users", "create", account, "v", "--password-prompt", "--json"));
        Assert.Equal("True", prompted["hasPassword"]);
    }

    [Fact]
    public async Task AccessKeys_AllTheirCommands_DoWhatTheySay()
    {
        var account = await NewAccountAsync();
        var first = await server.OkAsync("access-keys", "create", account, "--json");
        Assert.Equal(ExitCode.Done, (await ListKeysAsync(first)).ExitCode);
        var id = first["id"];
        await server.OkAsync("access-keys", "disable", account, id);
        (await ListKeysAsync(first)).AssertFailed(ExitCode.Credential, "Forbidden.AccessKey: ");
        await server.OkAsync("access-keys", "enable", account, id);
        Assert.Equal("[]", (await ListKeysAsync(first)).Out.Trim());

        var file = server.NewFile();
        var second = await server.OkAsync(
            "access-keys", "rotate", account, id, "--overlap-seconds", "3600", "--save", file, "--json");
        Assert.False(second.Json.TryGetProperty("secret", out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        (await new Invocation().RunAsync(server.With("--access-key-file", file, "keys", "list"))).AssertDone();

        var listed = (await server.OkAsync("access-keys", "list", account)).Lines;
        Assert.Equal("id,user,enabled,createdAt,expiresAt", Cells(listed[0]));
        Assert.Equal(3, listed.Length);
        await server.OkAsync("access-keys", "delete", account, id);
        (await ListKeysAsync(first)).AssertFailed(ExitCode.Credential, "InvalidAccessKeyId.NotFound: ");

        await server.OkAsync("users", "create", account, "bob");
        var shown = await server.OkAsync("access-keys", "create", account, "--user", "bob", "--id", account + "-bob");
        Assert.Contains("secret   \t", shown.Out, StringComparison.Ordinal);
        Assert.Contains(account + "-bob", (await server.OkAsync("access-keys", "list", account, "--user", "bob")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_AllTheirCommands_DecideWhatAUserMay()
    {
        var account = await NewAccountAsync();
        await server.OkAsync("users", "create", account, "bob");
        await server.OkAsync("groups", "create", account, "devs");
        await server.OkAsync("users", "join", account, "bob", "devs");
        var key = await server.OkAsync("access-keys", "create", account, "--user", "bob", "--json");
        (await ListKeysAsync(key)).AssertFailed(ExitCode.Credential, "Forbidden.NoPermission: ");
        var allowed = await server.OkAsync(
            "policies", "allow", account, "--group", "devs", "--name", "read", "--action", "kms:cmk:list", "--action", "kms:cmk:get");
        Assert.Equal("name,effect,actions,keys,project,enterpriseProject;read,Allow,kms:cmk:list, kms:cmk:get,,,", Cells(allowed.Lines));
        (await ListKeysAsync(key)).AssertDone();
        await server.OkAsync(
            "policies", "deny", account, "--user", "bob", "--name", "no", "--action", "kms:cmk:*", "--key", "*");
        (await ListKeysAsync(key)).AssertFailed(ExitCode.Credential, "Forbidden.NoPermission: ");
        (await server.RunAsync("policies", "deny", account, "--user", "bob", "--name", "no", "--action", "a"))
            .AssertFailed(ExitCode.Refused, "'no' already");
        (await server.RunAsync("policies", "show", account)).AssertFailed(ExitCode.Usage, "--user or --group");

        var file = server.NewFile();
        var shown = await server.OkAsync("policies", "show", account, "--user", "bob", "--json");
        await File.WriteAllTextAsync(file, shown.Out.Replace("Deny", "Allow", StringComparison.Ordinal));
        await server.OkAsync("policies", "set", account, file, "--user", "bob");
        (await ListKeysAsync(key)).AssertDone();
        var emptied = await new Invocation { Input = "[]"u8.ToArray() }.RunAsync(
            server.With("policies", "set", account, "-", "--user", "bob", "--json"));
        Assert.Equal("[]", emptied["policies"]);
        var both = await server.OkAsync("policies", "allow", account, "--group", "devs", "--name", "more", "--action", "kms:*");
        Assert.Equal(["name", "read", "more"], both.Lines.Select(line => line.Split('\t')[0].Trim()));
        var one = await server.OkAsync("policies", "remove", account, "--group", "devs", "--name", "read");
        Assert.Equal(["name", "more"], one.Lines.Select(line => line.Split('\t')[0].Trim()));
        (await server.RunAsync("policies", "remove", account, "--group", "devs", "--name", "read"))
            .AssertFailed(ExitCode.Refused, "no policy 'read'");
        (await new Invocation { Input = "{"u8.ToArray() }.RunAsync(server.With("policies", "set", account, "-", "--user", "bob")))
            .AssertFailed(ExitCode.Usage, "no JSON");
    }

    [Fact]
    public async Task Limits_SetForAnAccount_Hold()
    {
        var account = await NewAccountAsync();
        var set = await server.OkAsync(
            "limits", "set", account, "--keys", "1", "--asymmetric", "1000:2000", "--symmetric", "none", "--management", "100000");
        Assert.Contains(set.Lines, line => Cells(line) == "keys,1,0,,account");
        Assert.Contains(set.Lines, line => Cells(line) == "asymmetric,1000/s,,2000,account");
        Assert.Contains(set.Lines, line => Cells(line) == "symmetric,none,,0,account");
        Assert.Contains(set.Lines, line => Cells(line) == "management,100000/s,,100000,account");
        var key = await server.OkAsync("access-keys", "create", account, "--json");
        var many = await AsTenant(key).RunAsync(server.With("keys", "create", "--count", "3", "--json"));
        Assert.Equal(ExitCode.Refused, many.ExitCode);
        Assert.Contains("1 of 3 made.", many.Error, StringComparison.Ordinal);
        Assert.Contains("Rejected.LimitExceeded: ", many.Error, StringComparison.Ordinal);

        var keyId = many.Json[0].GetProperty("KeyId").GetString()!;
        Assert.Equal("7", (await server.OkAsync("limits", "set-key", account, keyId, "5:7", "--json"))["burst"]);
        Assert.Contains("perSecond\t5", (await server.OkAsync("limits", "show", account, "--key", keyId)).Out, StringComparison.Ordinal);
        await server.OkAsync("limits", "clear-key", account, keyId);
        Assert.Equal("False", (await server.OkAsync("limits", "show", account, "--key", keyId, "--json"))["isOwn"]);
        var back = await server.OkAsync("limits", "set", account, "--keys", "default", "--json");
        Assert.Equal("False", back["quotas.keys.isOwn"]);
        (await server.RunAsync("limits", "set", account)).AssertFailed(ExitCode.Usage, "Which limit?");
        (await server.RunAsync("limits", "set", account, "--keys", "-1")).AssertFailed(ExitCode.Usage, "'-1' is no limit.");
        Assert.Contains((await server.OkAsync("limits", "show", account)).Lines, line => Cells(line) == "keys,100000,1,,service");
    }

    [Fact]
    public async Task Throttled_ByTheService_WaitsUnlessToldNotTo()
    {
        var account = await NewAccountAsync();
        var key = await server.OkAsync("access-keys", "create", account, "--json");
        await server.OkAsync("limits", "set", account, "--management", "1");
        Run hasty;
        var calls = 0;
        // Two within a second, however slow the machine is at the moment.
        do hasty = await AsTenant(key).RunAsync(server.With("keys", "list", "--no-retry"));
        while (hasty.ExitCode == ExitCode.Done && ++calls < 100);
        hasty.AssertFailed(ExitCode.Throttled, "Rejected.Throttling: ");
        var patient = await AsTenant(key).RunAsync(server.With("keys", "list"));
        patient.AssertDone();
    }

    [Fact]
    public async Task Status_OfTheService_ListsItsDefaultKeyServices()
    {
        Assert.Contains((await server.OkAsync("status")).Lines, line => Cells(line) == "defaultKeyServices,obs");
        Assert.Equal("cn-hangzhou", (await server.OkAsync("status", "--json"))["region"]);
        var account = await NewAccountAsync();
        var made = await server.OkAsync("default-keys", "create", account, "obs");
        Assert.Contains("alias\tobs/default", made.Out, StringComparison.Ordinal);
        (await server.RunAsync("default-keys", "create", account, "x")).AssertFailed(ExitCode.Refused, "(service)");
    }

    [Fact]
    public async Task RootKey_AllItsCommands_DoWhatTheySay()
    {
        Assert.Equal("version,made,needed by,state", Cells((await server.OkAsync("root-key", "show")).Lines[0]));
        var before = await server.OkAsync("root-key", "show", "--json");
        Assert.Equal(("a key file", Oldest(before, "version")), (before["sealedBy"], before["current"]));
        var rotated = await server.OkAsync("root-key", "rotate");
        Assert.EndsWith(",wraps", Cells(rotated.Lines[^1]), StringComparison.Ordinal);
        for (var tries = 0; ; tries++)
        {
            // By then everything is wrapped anew.
            var now = await server.OkAsync("root-key", "show", "--json");
            if (Oldest(now, "version") != before["current"])
            {
                Assert.NotEqual("0", Oldest(now, "neededBy"));
                break;
            }

            Assert.True(tries < 100, "the old version is still there");
            await Task.Delay(100);
        }

        static string Oldest(Run run, string member) =>
            run.Json.GetProperty("versions")[0].GetProperty(member).ToString();
    }

    [Fact]
    public async Task Jobs_AllTheirCommands_DoWhatTheySay()
    {
        Assert.Equal("name,state,progress,openedAt,nextRunAt,description", Cells((await server.OkAsync("jobs", "list")).Lines[0]));
        var run = await server.OkAsync("jobs", "start", "scrub", "--wait", "--json");
        Assert.Equal("Succeeded", run["state"]);
        Assert.NotEqual("", run["report.totals.keys"]);
        var shown = await server.OkAsync("jobs", "show", "scrub");
        Assert.Contains(shown.Lines, line => Cells(line).StartsWith($"{run["id"]},Succeeded,", StringComparison.Ordinal));
        Assert.Contains(shown.Lines, line => Cells(line) == "what,number");
        Assert.Equal(run["id"], (await server.OkAsync("jobs", "show", "scrub", "--run", run["id"], "--json"))["id"]);
        Assert.Contains("Succeeded", (await server.OkAsync("jobs", "list")).Out, StringComparison.Ordinal);
        (await server.RunAsync("jobs", "stop", "scrub")).AssertFailed(ExitCode.Refused, "JobIsNotRunning: ");
        (await server.RunAsync("jobs", "start", "nosuch")).AssertFailed(ExitCode.Refused, "JobNotFound: ");
        (await server.RunAsync("jobs", "show", "..")).AssertFailed(ExitCode.Usage, "'..' is no name.");
        (await server.RunAsync("jobs", "show", "scrub", "--run", "x")).AssertFailed(ExitCode.Refused, "RunNotFound: ");
        var onTerminal = await new Invocation { IsTerminal = true }.RunAsync(server.With("jobs", "start", "tombstones", "--wait"));
        Assert.Contains("Succeeded", onTerminal.AssertDone().Out, StringComparison.Ordinal);
    }

    private static string NewNumber() => $"kmsctl-{Interlocked.Increment(ref s_accounts)}";

    private static Invocation AsTenant(Run key) => new()
    {
        Environment = new() { ["KMS_ACCESS_KEY_ID"] = key["id"], ["KMS_ACCESS_KEY_SECRET"] = key["secret"] },
    };

    private Task<Run> ListKeysAsync(Run key) => AsTenant(key).RunAsync(server.With("keys", "list", "--json"));

    private async Task<string> NewAccountAsync() =>
        (await server.OkAsync("accounts", "create", NewNumber(), "--json"))["number"];
}
