namespace KmsActors.Server.Tests.Admin;

/// <summary>A server whose operator has a listener of his own.</summary>
public class AdminServer : TestServer
{
    private static int s_names;

    private HttpClient? _http;

    protected override IEnumerable<string> MoreOptions =>
    [
        "--Kms:Admin:Urls=https://127.0.0.1:0", "--Kms:DefaultKeyServices:0=obs", "--Kms:DefaultKeyServices:1=evs",
    ];

    /// <summary>The operator.</summary>
    internal AdminClient Operator => new(this, _http ??= AdminClient.Trusting(Data));

    public override async Task DisposeAsync()
    {
        _http?.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A name that nobody has yet.</summary>
    internal static string NewName() => $"name-{Interlocked.Increment(ref s_names)}";

    /// <summary>An account that the operator has made, with an access key.</summary>
    internal async Task<Tenant> NewAccountAsync()
    {
        var number = (await Operator.MakeAsync("accounts", new { }))["number"];
        return new Tenant(this, number, await NewKeyAsync(number));
    }

    /// <summary>An access key of the account, or of one of its users.</summary>
    internal async Task<Credentials> NewKeyAsync(string account, string? user = null)
    {
        object body = user is null ? new { } : new { user };
        var made = await Operator.MakeAsync($"accounts/{account}/access-keys", body);
        return new Credentials(made["id"], made["secret"]);
    }

    /// <summary>A user of the account with a password, and his token for its first project.</summary>
    internal async Task<(string Name, string Token)> NewUserAsync(string account, string password = "his password")
    {
        var name = NewName();
        await Operator.MakeAsync($"accounts/{account}/users", new { name, password });
        var login = await new Iam.IamClient(this).LogInAsync(account, name, password);
        return (name, login.AssertStatus(201).SubjectToken);
    }

    /// <summary>The service as it is after another start.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A policy that allows these actions.</summary>
    internal static object Allow(params string[] actions) =>
        new { policies = new[] { new { name = "allow", statements = new[] { new { effect = "Allow", actions } } } } };
}
