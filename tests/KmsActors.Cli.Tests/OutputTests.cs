using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Cli.Tests;

public sealed class OutputTests
{
    private const string Items =
        """
        {"items":[
          {"number":"1","name":"别名","state":"Active","createdAt":"2026-01-02T03:04:05.678+00:00"},
          {"number":"22","name":"\u001b[2J\n\u202eb","state":"Deleting","createdAt":"x","deletionDate":null}
        ],"next":null}
        """;

    [Fact]
    public async Task List_OnAPipe_IsColumnsWithTabs()
    {
        var run = await ListAsync(new());
        Assert.Equal(
            """
            number	name 	state   	createdAt           	deletionDate
            1     	别名 	Active  	2026-01-02T03:04:05Z	
            22    	�[2J��b	Deleting	x                   	

            """.Replace("name ", "name   ", StringComparison.Ordinal).Replace("别名 ", "别名   ", StringComparison.Ordinal),
            run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task List_OnATerminal_IsABoxThatItsTextCannotLeave()
    {
        var run = await ListAsync(new() { IsTerminal = true });
        Assert.StartsWith("╭", run.Out, StringComparison.Ordinal);
        Assert.Contains("\u001b[1mnumber", run.Out, StringComparison.Ordinal);
        Assert.Contains("别名", run.Out, StringComparison.Ordinal);
        Assert.Contains("�[2J��b", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR", "1", true)]
    [InlineData("NO_COLOR", "", false)]
    [InlineData("TERM", "dumb", true)]
    [InlineData("TERM", "xterm", false)]
    public async Task List_OnATerminalWithoutColours_IsPlain(string variable, string value, bool isPlain)
    {
        var run = await ListAsync(new() { IsTerminal = true, Environment = new() { [variable] = value } });
        Assert.Equal(isPlain, run.Out.StartsWith("number", StringComparison.Ordinal));
        Assert.Equal(!isPlain, run.Out.Contains('\u001b'));
    }

    [Fact]
    public async Task List_OnANarrowTerminal_KeepsIdsInOneLine()
    {
        const string id = "db454180-8e57-48a8-aaf4-d072f1d156ae";
        await using var stub = await StubServer.StartAsync(
            200, $$"""{"items":[{"number":"{{id}}","name":"{{new string('n', 100)}}"}],"next":null}""");
        var run = await (stub.Invocation with { IsTerminal = true, Width = 80 }).RunAsync("accounts", "list");
        Assert.Contains(id, run.Out, StringComparison.Ordinal);
        Assert.All(run.Lines, line => Assert.True(Plain(line).Length <= 80, line));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_OfAList_IsAllItemsAsTheyCame(bool isTerminal)
    {
        var run = await ListAsync(new() { IsTerminal = isTerminal }, "--json");
        using var served = JsonDocument.Parse(Items);
        Assert.True(JsonElement.DeepEquals(served.RootElement.GetProperty("items"), run.Json));
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("别名", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Json_OnATerminal_CannotSteerIt()
    {
        await using var stub = await StubServer.StartAsync(200, """{"name":"\u009b\u001b\u202e\u0085\u2028\u007f"}""");
        var run = await (stub.Invocation with { IsTerminal = true }).RunAsync("accounts", "show", "1", "--json");
        Assert.Equal("\u009b\u001b\u202e\u0085\u2028\u007f", run["name"]);
        Assert.All(run.Out, each => Assert.True(each is '\n' or (>= ' ' and <= '~'), $"{(int)each:x}"));
    }

    [Fact]
    public async Task Json_OfPages_IsOneArray()
    {
        await using var stub = await StubServer.StartAsync(http => http.Response.WriteAsync(
            (string?)http.Request.Query["after"] switch
            {
                null => """{"items":[{"number":"a b"}],"next":"a b"}""",
                "a b" => """{"items":[{"number":"c"}],"next":"c"}""",
                _ => """{"items":[{"number":"d"}],"next":null}""",
            }));
        Assert.Equal(3, (await stub.Invocation.RunAsync("accounts", "list", "--json")).Json.GetArrayLength());
        Assert.Equal(2, (await stub.Invocation.RunAsync("accounts", "list", "--json", "--limit", "2")).Json.GetArrayLength());
        Assert.Equal(
            [
                "?limit=1000", "?limit=1000&after=a%20b", "?limit=1000&after=c", "?limit=2", "?limit=1&after=a%20b",
            ],
            stub.Requests.Select(request => request.Request["GET /admin/v1/accounts".Length..]));
    }

    [Fact]
    public async Task Json_OfNothing_IsAnEmptyObject()
    {
        await using var stub = await StubServer.StartAsync(204, "");
        var run = await stub.Invocation.RunAsync("groups", "delete", "1", "g", "--json");
        Assert.Equal("{}", run.Out.Trim());
        Assert.Equal("The group is gone.", (await stub.Invocation.RunAsync("groups", "delete", "1", "g")).Error.Trim());
    }

    [Fact]
    public async Task Error_FromTheService_CannotSteerTheTerminal()
    {
        await using var stub = await StubServer.StartAsync(400, """{"code":"\u001b[2J","title":"\r\n"}""");
        var run = await stub.Invocation.RunAsync("accounts", "list");
        Assert.Equal("�[2J: ��", run.Error.TrimEnd('\n'));
    }

    private static string Plain(string line) =>
        System.Text.RegularExpressions.Regex.Replace(line, "\u001b\\[[0-9;]*m", "", default, TimeSpan.FromSeconds(1));

    private static async Task<Run> ListAsync(Invocation invocation, params string[] more)
    {
        await using var stub = await StubServer.StartAsync(200, Items);
        var environment = new Dictionary<string, string>(stub.Invocation.Environment);
        foreach (var (name, value) in invocation.Environment) environment[name] = value;
        return (await (invocation with { Environment = environment }).RunAsync(["accounts", "list", .. more])).AssertDone();
    }
}
