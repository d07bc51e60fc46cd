using System.CommandLine;

namespace KmsActors.Cli.Tests;

public sealed class CommandLineTests
{
    private static readonly string[] All =
    [
        "accounts create", "accounts list", "accounts show", "accounts rename", "accounts suspend", "accounts resume",
        "accounts delete", "accounts cancel-deletion",
        "projects list", "projects create", "projects enable", "projects disable",
        "users list", "users create", "users show", "users enable", "users disable", "users set-password", "users delete",
        "users join", "users leave",
        "groups list", "groups create", "groups show", "groups delete",
        "access-keys list", "access-keys create", "access-keys enable", "access-keys disable", "access-keys rotate",
        "access-keys delete",
        "policies show", "policies set", "policies allow", "policies deny", "policies remove",
        "limits show", "limits set", "limits set-key", "limits clear-key",
        "root-key show", "root-key rotate", "default-keys create", "status",
        "jobs list", "jobs show", "jobs start", "jobs stop", "backup", "restore",
        "keys create", "keys list", "keys describe", "keys set-description", "keys enable", "keys disable",
        "keys schedule-deletion", "keys cancel-deletion", "keys import", "keys delete-material", "keys rotate",
        "keys set-rotation", "keys versions",
        "aliases list", "aliases create", "aliases update", "aliases delete",
        "tags list", "tags set", "tags remove",
        "encrypt", "decrypt", "data-key", "sign", "verify", "public-key",
    ];

    public static TheoryData<string> Names() => new(All);

    [Fact]
    public void Commands_AreThese() =>
        Assert.Equal(All, Leaves(CommandTree.Create(new GlobalOptions()), "").Select(leaf => leaf.Path));

    [Fact]
    public void Options_AreAllDescribed()
    {
        foreach (var (path, command) in Leaves(CommandTree.Create(new GlobalOptions()), ""))
        {
            Assert.False(string.IsNullOrEmpty(command.Description), path);
            Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{path} {option.Name}"));
            Assert.All(command.Options, option => Assert.True(option.Recursive is false, option.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_OfEachCommand_IsShown(string name)
    {
        var run = await new Invocation().RunAsync([.. name.Split(' '), "--help"]);
        // In front of it is the name of the process, which here is the tests'.
        Assert.Contains($" {name} ", run.AssertDone().Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Help_OfTheProgram_HasTheExitCodes()
    {
        var run = await new Invocation().RunAsync("--help");
        foreach (var line in ExitCode.Help.Split('\n'))
            Assert.Contains(line.Trim(), run.AssertDone().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required command was not provided.")]
    [InlineData("Required command was not provided.", "keys")]
    [InlineData("'nonsense'", "nonsense")]
    [InlineData("'--nonsense'", "keys", "list", "--nonsense")]
    [InlineData("Required argument missing", "keys", "describe")]
    [InlineData("--limit is 1 to 2147483647.", "keys", "list", "--limit", "0")]
    [InlineData("--limit is 1 to 2147483647.", "keys", "list", "--limit", "x")]
    [InlineData("--limit is 1 to 2147483647.", "keys", "list", "--limit", "99999999999")]
    [InlineData("--count is 1 to 100000.", "keys", "create", "--count", "100001")]
    [InlineData("--timeout is 1 to 600.", "keys", "list", "--timeout", "601")]
    [InlineData("--days is 7 to 30.", "keys", "schedule-deletion", "k", "--days", "6")]
    [InlineData("'--days' is required", "keys", "schedule-deletion", "k")]
    [InlineData("--days is 0 to 1096.", "accounts", "delete", "a", "--days", "-1")]
    [InlineData("--bytes is 1 to 1024.", "data-key", "k", "--bytes", "1025")]
    [InlineData("'nonsense' not recognized", "keys", "create", "--spec", "nonsense")]
    [InlineData("--alias and --count", "keys", "create", "--alias", "a", "--count", "2")]
    [InlineData("NUMBER and --count", "accounts", "create", "1", "--count", "2")]
    [InlineData("--user or --group", "policies", "show", "a", "--user", "u", "--group", "g")]
    [InlineData("--input and --text", "encrypt", "k", "--input", "f", "--text", "t")]
    [InlineData("--key and --algorithm", "decrypt", "--key", "k")]
    [InlineData("A signature is needed", "verify", "k")]
    [InlineData("--without-plaintext", "data-key", "k", "--plaintext-file", "f", "--without-plaintext")]
    public async Task Arguments_Wrong_AreSaidToBeSoOnStderr(string message, params string[] arguments)
    {
        var run = await new Invocation().RunAsync(arguments);
        run.AssertFailed(ExitCode.Usage, message);
        Assert.Contains("--help.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accounts", "show", "..")]
    [InlineData("accounts", "show", ".")]
    [InlineData("accounts", "show", "")]
    [InlineData("users", "show", "a", "..")]
    public async Task Names_ThatWouldLeadElsewhere_AreRefused(params string[] arguments)
    {
        await using var stub = await StubServer.StartAsync(200, "{}");
        (await stub.Invocation.RunAsync(arguments)).AssertFailed(ExitCode.Usage, "is no name");
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Names_WithAnything_AreEscaped()
    {
        await using var stub = await StubServer.StartAsync(200, "{}");
        await stub.Invocation.RunAsync("users", "show", "a?b#c/../d", "名 %2e");
        Assert.Equal("GET /admin/v1/accounts/a%3Fb%23c%2F..%2Fd/users/%E5%90%8D%20%252e", stub.Requests.Single().Request);
    }

    [Fact]
    public async Task ResponseFiles_AreNotRead() =>
        (await new Invocation().RunAsync("keys", "describe", "@/etc/hostname", "--server", "nonsense"))
            .AssertFailed(ExitCode.Usage, "The server is");

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path.Trim(), command)]
            : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}"));
}
