using System.Net;
using System.Text;
using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>A server of which the first account is seen through Huawei's protocol.</summary>
public class ProjectServer : TestServer
{
    private const string Password = "密码 of the tests";

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);
    private static readonly HttpClient Http = new();

    private string? _token;
    private DateTimeOffset _renewAt;

    /// <summary>The first account, by a credential of this kind.</summary>
    internal async Task<Project> ProjectAsync(Proof proof) =>
        new(Root) { Token = proof == Proof.Token ? await TokenAsync() : null };

    /// <summary>An account of its own.</summary>
    internal async Task<Project> NewProjectAsync() => new(await NewTenantAsync());

    /// <summary>The first account's token, asked for again when the clock has moved on.</summary>
    internal async Task<string> TokenAsync()
    {
        if (_token is null)
        {
            var user = new CreateUser(Root.Account) { Password = Encoding.UTF8.GetBytes(Password) };
            await OperateAsync(Root.Account, user);
        }

        if (_token is null || Clock.GetUtcNow() >= _renewAt) _token = await LogInAsync();
        return _token;
    }

    // Once for many tests: to check a password takes as long as to check thousands of signatures.
    private async Task<string> LogInAsync()
    {
        _renewAt = Clock.GetUtcNow() + Renewal;
        using var body = new StringContent(HuaweiJson.Of(new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new
                    {
                        user = new { name = Root.Account, password = Password, domain = new { name = Root.Account } },
                    },
                },
                scope = new { project = new { name = Project.Region } },
            },
        }));
        using var answer = await Http.PostAsync(new Uri(Address, "/v3/auth/tokens"), body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return Assert.Single(answer.Headers.GetValues("x-subject-token"));
    }
}
