using System.Text;
using System.Text.Json;
using KmsActors.Protocols.Huawei;
using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;

namespace KmsActors.Server.Tests.Access;

/// <summary>Huawei's IAM, which no policy has a say in.</summary>
internal sealed class IamDialect : Dialect
{
    private const string LogIn = "POST /v3/auth/tokens";
    private const string Subject = "X-Subject-Token";
    private const string Project = "auth.scope.project.id";
    private const string ProjectsDomain = "auth.scope.project.domain.name";
    private const string Domain = "auth.identity.password.user.domain.name";
    private const string User = "auth.identity.password.user.name";

    public override IEnumerable<string> Table => IamEndpoint.Names;

    public override IEnumerable<string> Operations => IamEndpoint.Names;

    public override Func<Caller, bool> Takes => caller => caller.Token is not null;

    public override IReadOnlyDictionary<string, string> Nameless { get; } = new Dictionary<string, string>
    {
        ["GET /v3/auth/domains"] = "lists",
        ["GET /v3/regions"] = "of the server",
    };

    public override string[] Values => ["auth.identity.methods", "auth.identity.password.user.password"];

    public override IEnumerable<(string What, Call Call, string Expected)> Lists =>
    [
        ("GET /v3/projects", new IamSent("GET /v3/projects", null), "\"projects\":[{"),
        ("GET /v3/auth/domains", new IamSent("GET /v3/auth/domains", null), "\"domains\":[{"),
    ];

    public override async Task<Call> GoodAsync(string operation, Tenant account)
    {
        var call = new IamSent(operation, null);
        if (operation == LogIn)
        {
            var project = new { id = IamClient.ProjectId(account.Account), domain = new { name = account.Account } };
            var scope = JsonSerializer.Serialize(new { project });
            return call with { Body = IamClient.Login(account.Account, account.Account, PasswordOf(account), scope) };
        }

        if (operation == "GET /v3/projects") return call with { Query = ("domain_id", account.Account) };
        return operation.EndsWith("tokens", StringComparison.Ordinal)
            ? call with { SubjectToken = await TokenAsync(account, account.Account) }
            : call;
    }

    public static async Task<string> TokenAsync(Tenant account, string user) =>
        (await new IamClient(account.Server).LogInAsync(account.Account, user, PasswordOf(account)))
            .AssertStatus(201).SubjectToken;

    /// <summary>Of the account and of its users.</summary>
    public static string PasswordOf(Tenant account) => $"密码 of {account.Account}";

    protected override IEnumerable<Attempt> AttemptsOf(string operation) => operation switch
    {
        LogIn =>
        [
            Anonymous("project", Project),
            Anonymous("the project's domain", ProjectsDomain),
            Anonymous("a scope that is all theirs", Project, ProjectsDomain),
            Anonymous("domain in a scope", "auth.scope.domain.name") with
            {
                Use = call => call.With("auth.scope", """={"domain":{"name":"1"}}"""),
                Theirs = (server, _) => server.Owner.Account,
            },
            Anonymous("the user's domain", Domain) with { Use = call => call.With("auth.scope", null) },
            Anonymous("user", User) with { Use = call => call.With("auth.scope", null) },
            Anonymous("user and domain", User, Domain) with { Use = call => call.With("auth.scope", null) },
        ],
        "GET /v3/auth/tokens" or "DELETE /v3/auth/tokens" => [new Attempt(operation, Subject, "404", Subject)],
        "GET /v3/projects" => [new Attempt(operation, "domain_id", "", "domain_id")],
        _ => [],
    };

    private static Attempt Anonymous(string what, params string[] parameters) =>
        new(LogIn, what, "401", parameters) { IsAnonymous = true };
}

/// <summary>A call of IAM.</summary>
internal sealed record IamSent(string Operation, string? Body) : Call
{
    public (string Name, string Value)? Query { get; init; }

    public string? SubjectToken { get; init; }

    public override IReadOnlyDictionary<string, string> Parameters
    {
        get
        {
            var all = Leaves("", Body).ToDictionary();
            if (Query is { } query) all[query.Name] = query.Value;
            if (SubjectToken is not null) all["X-Subject-Token"] = SubjectToken;
            return all;
        }
    }

    public override Call With(string parameter, string? value) =>
        Query?.Name == parameter ? this with { Query = (parameter, value!) }
        : SubjectToken is not null ? this with { SubjectToken = value }
        : this with { Body = HuaweiJson.With(Body!, parameter, value ?? "-") };

    protected override HttpRequestMessage Sign(Caller by)
    {
        var target = Operation.Split(' ')[1] + (Query is { } query ? $"?{query.Name}={query.Value}" : "");
        var request = new HttpRequestMessage(
            new HttpMethod(Operation.Split(' ')[0]), new Uri(by.Tenant.Server.Address, target));
        if (Body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        request.Headers.Add("X-Auth-Token", by.Token);
        if (SubjectToken is not null) request.Headers.Add("X-Subject-Token", SubjectToken);
        return request;
    }

    protected override async Task<(string Code, string Body)> ReadAsync(HttpResponseMessage response)
    {
        var code = response.IsSuccessStatusCode ? "" : $"{(int)response.StatusCode}";
        return (code, await response.Content.ReadAsStringAsync());
    }

    private static IEnumerable<(string Name, string Value)> Leaves(string prefix, string? body) =>
        HuaweiSent.Fields(body).SelectMany(field => field.Value.StartsWith('{')
            ? Leaves($"{prefix}{field.Name}.", field.Value)
            : [($"{prefix}{field.Name}", field.Value)]);
}
