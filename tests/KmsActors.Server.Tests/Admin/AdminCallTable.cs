namespace KmsActors.Server.Tests.Admin;

/// <summary>A call of the operator's API, and a good body of it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Behind the root, with names in braces.</param>
/// <param name="Body">JSON, or null where it takes none.</param>
/// <param name="Required">The members without which the body is none.</param>
internal sealed record Call(string Method, string Path, string? Body = null, params string[] Required)
{
    /// <summary>The path about this account; where nothing else is said, with names of nothing there is.</summary>
    public string At(string account, string name = "nobody") => string.Join('/', Path.Split('/').Select(segment =>
        segment switch
        {
            "{account}" => account,
            "{service}" => "obs",
            ['{', ..] => name,
            _ => segment,
        }));

    /// <summary>The media type of a body that is no JSON, or null.</summary>
    public string? Takes { get; init; }

    /// <summary>The media type of its answer.</summary>
    public string Answers { get; init; } = "application/json";

    /// <summary>Whether it is about an account.</summary>
    public bool HasAccount => Path.Contains("{account}", StringComparison.Ordinal);
}

/// <summary>All calls of the operator's API, by the names that its description has.</summary>
internal static class AdminCallTable
{
    private const string Account = "accounts/{account}";
    private const string Sqlite = "application/vnd.sqlite3";
    private const string Policies =
        """{"policies":[{"name":"p","statements":[{"effect":"Allow","actions":["*"],"keys":["*"]}],"project":"x"}]}""";

    public static IReadOnlyDictionary<string, Call> All { get; } = new Dictionary<string, Call>
    {
        ["DescribeService"] = new("GET", "service"),
        ["DescribeRootKey"] = new("GET", "root-key"),
        ["RotateRootKey"] = new("POST", "root-key/versions"),
        ["ListJobs"] = new("GET", "jobs"),
        ["DescribeJob"] = new("GET", "jobs/{job}"),
        ["StartJob"] = new("POST", "jobs/{job}/runs"),
        ["DescribeJobRun"] = new("GET", "jobs/{job}/runs/{run}"),
        ["StopJob"] = new("DELETE", "jobs/{job}/runs/current"),
        ["ListAccounts"] = new("GET", "accounts"),
        ["CreateAccount"] = new("POST", "accounts", """{"number":"in-the-table","name":"n"}"""),
        ["DescribeAccount"] = new("GET", Account),
        ["RenameAccount"] = new("PATCH", Account, """{"name":"n"}""", "name"),
        ["SuspendAccount"] = new("POST", $"{Account}/suspend"),
        ["ResumeAccount"] = new("POST", $"{Account}/resume"),
        ["DeleteAccount"] = new("DELETE", Account),
        ["CancelAccountDeletion"] = new("POST", $"{Account}/cancel-deletion"),
        ["EnsureDefaultKey"] = new("PUT", $"{Account}/default-keys/{{service}}"),
        ["ListProjects"] = new("GET", $"{Account}/projects"),
        ["CreateProject"] = new("POST", $"{Account}/projects", """{"name":"cn-hangzhou_x"}""", "name"),
        ["SetProjectStatus"] = new("PATCH", $"{Account}/projects/{{project}}", """{"enabled":true}""", "enabled"),
        ["ListUsers"] = new("GET", $"{Account}/users"),
        ["CreateUser"] = new("POST", $"{Account}/users", """{"name":"u","password":"password-1"}""", "name"),
        ["DescribeUser"] = new("GET", $"{Account}/users/{{user}}"),
        ["SetUserStatus"] = new("PATCH", $"{Account}/users/{{user}}", """{"enabled":true}""", "enabled"),
        ["DeleteUser"] = new("DELETE", $"{Account}/users/{{user}}"),
        ["SetUserPassword"] =
            new("PUT", $"{Account}/users/{{user}}/password", """{"password":"password-1"}""", "password"),
        ["RemoveUserPassword"] = new("DELETE", $"{Account}/users/{{user}}/password"),
        ["AddUserToGroup"] = new("PUT", $"{Account}/users/{{user}}/groups/{{group}}"),
        ["RemoveUserFromGroup"] = new("DELETE", $"{Account}/users/{{user}}/groups/{{group}}"),
        ["GetUserPolicies"] = new("GET", $"{Account}/users/{{user}}/policies"),
        ["SetUserPolicies"] = new("PUT", $"{Account}/users/{{user}}/policies", Policies, "policies"),
        ["ListGroups"] = new("GET", $"{Account}/groups"),
        ["CreateGroup"] = new("POST", $"{Account}/groups", """{"name":"g"}""", "name"),
        ["DescribeGroup"] = new("GET", $"{Account}/groups/{{group}}"),
        ["DeleteGroup"] = new("DELETE", $"{Account}/groups/{{group}}"),
        ["GetGroupPolicies"] = new("GET", $"{Account}/groups/{{group}}/policies"),
        ["SetGroupPolicies"] = new("PUT", $"{Account}/groups/{{group}}/policies", Policies, "policies"),
        ["ListAccessKeys"] = new("GET", $"{Account}/access-keys"),
        ["CreateAccessKey"] =
            new("POST", $"{Account}/access-keys", """{"user":"u","id":"i","secret":"secret-1"}"""),
        ["DescribeAccessKey"] = new("GET", $"{Account}/access-keys/{{accessKey}}"),
        ["SetAccessKeyStatus"] =
            new("PATCH", $"{Account}/access-keys/{{accessKey}}", """{"enabled":true}""", "enabled"),
        ["RotateAccessKey"] = new("POST", $"{Account}/access-keys/{{accessKey}}/rotate", """{"overlapSeconds":1}"""),
        ["DeleteAccessKey"] = new("DELETE", $"{Account}/access-keys/{{accessKey}}"),
        ["GetLimits"] = new("GET", $"{Account}/limits"),
        ["ChangeLimits"] = new(
            "PATCH", $"{Account}/limits", """{"rates":{"management":{"perSecond":1,"burst":1}},"quotas":{"keys":1}}"""),
        ["GetKeyRate"] = new("GET", $"{Account}/keys/{{key}}/rate"),
        ["SetKeyRate"] =
            new("PUT", $"{Account}/keys/{{key}}/rate", """{"perSecond":1,"burst":1}""", "perSecond"),
        ["RemoveKeyRate"] = new("DELETE", $"{Account}/keys/{{key}}/rate"),
        ["BackUpDatabase"] = new("GET", "backup") { Answers = Sqlite },
        ["RestoreDatabase"] = new("POST", "restore") { Takes = Sqlite },
    };

    /// <summary>Those that have this in their path.</summary>
    public static IEnumerable<Call> About(string name) =>
        All.Values.Where(call => call.Path.Contains(name, StringComparison.Ordinal));

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names(Func<Call, bool> which) =>
        new(All.Where(call => which(call.Value)).Select(call => call.Key));
}
