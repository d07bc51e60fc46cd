using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;
using KmsActors.Server.Tests.Tencent;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Every way into an account, by each protocol and credential.</summary>
/// <param name="Tenant">The account, by an access key.</param>
/// <param name="User">A user with a password; it may be the account itself.</param>
/// <param name="Password">His password.</param>
/// <param name="Token">A token of his.</param>
internal sealed record Doors(Tenant Tenant, string User, string Password, string Token)
{
    /// <summary>What each way answers to somebody whose access key or account is disabled, or who is gone.</summary>
    public static IReadOnlyDictionary<string, string> Shut { get; } = new Dictionary<string, string>
    {
        ["Aliyun, RPC"] = "Forbidden.AccessKey",
        ["Aliyun, ACS3"] = "Forbidden.AccessKey",
        ["Huawei, signature"] = "APIGW.0301",
        ["Huawei, token"] = "KMS.0302",
        ["IAM, signature"] = "401",
        ["IAM, token"] = "401",
        ["IAM, login"] = "401",
        ["Tencent"] = "4100/10080",
    };

    /// <summary>The account with a user who is the account itself, so that nothing is forbidden to him.</summary>
    public static async Task<Doors> OfNewAccountAsync(AdminServer server)
    {
        const string password = "the account's password";
        var tenant = await server.NewAccountAsync();
        var users = $"accounts/{tenant.Account}/users";
        await server.Operator.MakeAsync(users, new { name = tenant.Account, password });
        var login = await new IamClient(server).LogInAsync(tenant.Account, tenant.Account, password);
        return new Doors(tenant, tenant.Account, password, login.AssertStatus(201).SubjectToken);
    }

    /// <summary>Tries them all, and holds what they answer to what is expected: nothing means they are open.</summary>
    public async Task AssertAsync(Func<string, string> expected)
    {
        var before = Tenant.Server.Commits();
        foreach (var door in Shut.Keys.Where(door => door != "IAM, login"))
            Assert.Equal($"{door}: {expected(door)}", $"{door}: {await TryAsync(door)}");
        Assert.Equal(before, Tenant.Server.Commits());
        // A login leaves a token.
        Assert.Equal(expected("IAM, login"), await TryAsync("IAM, login"));
    }

    public Task AssertShutAsync() => AssertAsync(door => Shut[door]);

    public Task AssertOpenAsync() => AssertAsync(_ => "");

    private async Task<string> TryAsync(string door)
    {
        var iam = new IamClient(Tenant.Server);
        switch (door)
        {
            case "Aliyun, RPC":
                return (await Tenant.CallAsync("ListKeys")).Code;
            case "Aliyun, ACS3":
                var acs3 = Tenant.Client with { Form = WireForm.All["POST, ACS3"] };
                return (await acs3.CallAsync("ListKeys")).Code;
            case "Huawei, signature":
                return (await new Project(Tenant).PostAsync("list-keys", new { })).Code;
            case "Huawei, token":
                return (await new Project(Tenant) { Token = Token }.PostAsync("list-keys", new { })).Code;
            case "IAM, signature":
                return CodeOf(await iam.SignedGetAsync(Tenant.Key, "/v3/projects"));
            case "IAM, token":
                return CodeOf(await iam.GetAsync("/v3/projects", ("X-Auth-Token", Token)));
            case "IAM, login":
                return CodeOf(await iam.LogInAsync(Tenant.Account, User, Password));
            default:
                var code = (await new Customer(Tenant).CallAsync("ListKey")).Code;
                return code == "0" ? "" : code;
        }
    }

    private static string CodeOf(IamAnswer answer) => answer.Status < 300 ? "" : $"{answer.Status}";
}
