using KmsActors.Server.Tests.Huawei;
using KmsActors.Server.Tests.Iam;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Tokens and policies for one project of an account.</summary>
public sealed class ProjectTokenTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Password = "a user's password";

    private AdminClient Operator => server.Operator;

    private IamClient Iam => new(server);

    [Fact]
    public async Task Token_IsForTheProjectOfItsScope_ByIdAndByName()
    {
        var (tenant, second) = await NewAsync();
        var (name, path) = await UserAsync(tenant);
        await Operator.OkAsync("PUT", $"{path}/policies", AdminServer.Allow("*"));
        var first = new Project(tenant);
        foreach (var (scope, isSecond) in new[]
        {
            ($"\"id\":\"{second.Id}\"", true),
            ("\"name\":\"cn-hangzhou_2\"", true),
            ($"\"id\":\"{second.Id}\",\"name\":\"cn-hangzhou_2\"", true),
            ("\"name\":\"cn-hangzhou\"", false),
        })
        {
            var login = (await LogInAsync(tenant, name, scope)).AssertStatus(201);
            var (good, other) = isSecond ? (second, first) : (first, second);
            Assert.Equal(good.Id, login["token.project.id"]);
            Assert.Equal(isSecond ? "cn-hangzhou_2" : "cn-hangzhou", login["token.project.name"]);
            await (good with { Token = login.SubjectToken }).OkAsync("list-keys", new { });
            await (other with { Token = login.SubjectToken }).RefusedAsync("KMS.0305", "list-keys", new { });
            var described = await Iam.AboutTokenAsync("GET", login.SubjectToken, login.SubjectToken);
            Assert.Equal(good.Id, described.AssertStatus(200)["token.project.id"]);
        }

        await server.RestartAsync();
        var token = (await LogInAsync(tenant, name, $"\"id\":\"{second.Id}\"")).AssertStatus(201).SubjectToken;
        await (second with { Token = token }).KeyAsync();
    }

    [Fact]
    public async Task Scope_UnknownOrDisabled_IsRefused_AndOnlyToldToThoseWhoKnowThePassword()
    {
        var (tenant, second) = await NewAsync();
        var (name, _) = await UserAsync(tenant);
        var foreign = (await NewAsync()).Second;
        string[] unknown =
        [
            "\"name\":\"cn-hangzhou_3\"", $"\"id\":\"{new string('0', 32)}\"", $"\"id\":\"{foreign.Id}\"",
            $"\"id\":\"{second.Id}\",\"name\":\"cn-hangzhou\"",
        ];
        foreach (var scope in unknown) (await LogInAsync(tenant, name, scope)).AssertError(401, "Unauthorized");
        var path = $"accounts/{tenant.Account}/projects/{second.Id}";
        await Operator.OkAsync("PATCH", path, new { enabled = false });
        var disabled = await LogInAsync(tenant, name, "\"name\":\"cn-hangzhou_2\"");
        disabled.AssertError(401, "Unauthorized");
        Assert.Equal((await LogInAsync(tenant, name, unknown[0])).Text, disabled.Text);
        await Operator.OkAsync("PATCH", path, new { enabled = true });

        // With a wrong password it is one answer, whichever projects there are.
        var wrong = await LogInAsync(tenant, name, "\"name\":\"cn-hangzhou_2\"", "no password");
        wrong.AssertError(401, "Unauthorized");
        Assert.NotEqual(disabled.Text, wrong.Text);
        Assert.Equal(wrong.Text, (await LogInAsync(tenant, name, unknown[0], "no password")).Text);
        (await LogInAsync(tenant, name, "\"name\":\"cn-hangzhou_2\"")).AssertStatus(201);
    }

    [Theory]
    [InlineData("", "cn-hangzhou cn-hangzhou_2")]
    [InlineData("name=cn-hangzhou", "cn-hangzhou")]
    [InlineData("name=cn-hangzhou_2", "cn-hangzhou_2")]
    [InlineData("name=cn-hangzhou_3", "")]
    public async Task Lookup_ListsTheProjects(string query, string expected)
    {
        var (tenant, second) = await NewAsync();
        var listed = (await Iam.SignedGetAsync(tenant.Key, "/v3/projects", query)).AssertStatus(200);
        var projects = listed.Json.GetProperty("projects").EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(' ', projects.Select(project => project.GetProperty("name").GetString())));
        foreach (var project in projects.Where(each => each.GetProperty("name").GetString() == "cn-hangzhou_2"))
        {
            Assert.Equal(second.Id, project.GetProperty("id").GetString());
            Assert.True(project.GetProperty("enabled").GetBoolean());
        }

        await Operator.OkAsync("PATCH", $"accounts/{tenant.Account}/projects/{second.Id}", new { enabled = false });
        listed = (await Iam.SignedGetAsync(tenant.Key, "/v3/projects", "name=cn-hangzhou_2")).AssertStatus(200);
        Assert.Equal("False", listed["projects.0.enabled"]);
    }

    [Fact]
    public async Task Policy_OfOneProject_HoldsThereAlone()
    {
        var (tenant, second) = await NewAsync();
        var first = new Project(tenant);
        var (_, path) = await UserAsync(tenant);
        var key = await server.NewKeyAsync(tenant.Account, path[(path.LastIndexOf('/') + 1)..]);
        foreach (var (allowed, other) in new[] { (second, first), (first, second) })
        {
            var statements = new[] { new { effect = "Allow", actions = new[] { "kms:*" } } };
            var policies = new[] { new { name = "there", project = allowed.Id, statements } };
            await Operator.OkAsync("PUT", $"{path}/policies", new { policies });
            var his = new Project(tenant with { Key = key }) { Id = allowed.Id };
            await his.KeyAsync();
            await (his with { Id = other.Id }).RefusedAsync("KMS.0307", "create-key", new { key_alias = "no" });
            await (his with { Id = other.Id }).RefusedAsync("KMS.0307", "list-keys", new { });
            // The first project is that of the other protocols.
            var aliyun = await his.Tenant.CallAsync("ListKeys");
            Assert.Equal(allowed == first ? "" : "Forbidden.NoPermission", aliyun.Code);
            var tencent = await new Tencent.Customer(his.Tenant).CallAsync("ListKey");
            Assert.Equal(allowed == first, tencent.Code == "0");
        }
    }

    [Fact]
    public async Task Project_OfAnotherAccount_IsNotServed()
    {
        var (mine, theirs) = (await NewAsync(), await NewAsync());
        await (mine.Second with { Id = theirs.Second.Id }).RefusedAsync("KMS.0305", "list-keys", new { });
        await (mine.Second with { Id = new Project(theirs.Tenant).Id }).RefusedAsync("KMS.0305", "list-keys", new { });
        await Operator.RefusedAsync(
            404,
            "ProjectNotFound",
            null,
            "PATCH",
            $"accounts/{mine.Tenant.Account}/projects/{theirs.Second.Id}",
            new { enabled = false });
        await theirs.Second.KeyAsync();
    }

    private async Task<(Tenant Tenant, Project Second)> NewAsync()
    {
        var tenant = await server.NewAccountAsync();
        var made = await Operator.MakeAsync($"accounts/{tenant.Account}/projects", new { name = "cn-hangzhou_2" });
        return (tenant, new Project(tenant) { Id = made["id"] });
    }

    private async Task<(string Name, string Path)> UserAsync(Tenant tenant)
    {
        var name = AdminServer.NewName();
        await Operator.MakeAsync($"accounts/{tenant.Account}/users", new { name, password = Password });
        return (name, $"accounts/{tenant.Account}/users/{name}");
    }

    private Task<IamAnswer> LogInAsync(Tenant tenant, string user, string project, string password = Password) =>
        Iam.PostAsync(IamClient.Login(tenant.Account, user, password, $"{{\"project\":{{{project}}}}}"));
}
