using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace KmsActors.Cli.Tests;

/// <summary>The program as a process, where streams, signals and terminals are the system's.</summary>
[Collection(RealServer.Name)]
public sealed class ProcessTests(RealServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Example_OnAShellsPipes_EncryptsAndDecrypts()
    {
        var key = await server.NewKeyAsync();
        var run = await ShellAsync($"printf 'a\\0b' | {Kmsctl} encrypt {key} | {Kmsctl} decrypt");
        Assert.Equal("a\0b"u8.ToArray(), run.AssertDone().Bytes);
    }

    [Fact]
    public async Task Output_ToAReaderThatLeaves_IsNoFailure()
    {
        // Longer than a pipe holds, so that the reader is gone before all is written.
        var items = string.Join(',', Enumerable.Repeat($$"""{"number":"{{new string('n', 100)}}"}""", 2000));
        await using var stub = await StubServer.StartAsync(200, $$"""{"items":[{{items}}],"next":null}""");
        var run = await ShellAsync(
            $"KMS_ADMIN_TOKEN=t dotnet {Programs.CliDll} accounts list --json --server {stub.Address} | head -1; echo ${{PIPESTATUS[0]}}");
        Assert.Equal(["[", "0"], run.Lines);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Output_ThatCannotBeWritten_IsAFailure()
    {
        var run = await ShellAsync($"{Kmsctl} keys list > /dev/full; echo $?; {Kmsctl} keys list >&-; echo $?");
        Assert.Equal(["2", "2"], run.Lines);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_WhileWaiting_EndsItWith130(string signal)
    {
        var asked = new TaskCompletionSource();
        await using var stub = await StubServer.StartAsync(http =>
        {
            asked.TrySetResult();
            return Task.Delay(-1, http.RequestAborted);
        });
        var start = Programs.Cli("accounts", "list");
        foreach (var (name, value) in stub.Invocation.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await asked.Task.WaitAsync(Patience);
        using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        var run = await EndAsync(process);
        run.AssertFailed(ExitCode.Cancelled, "Cancelled.");
    }

    [Fact]
    public async Task Terminal_OfTheSystem_GetsABoxAndDoesNotEchoAPassword()
    {
        const string password = "top-secret-1";
        var account = (await server.OkAsync("accounts", "create", "--json"))["number"];
        await server.OkAsync("users", "create", account, "u");
        var listed = await ShellAsync($"script -qec '{Kmsctl} users list {account}' /dev/null < /dev/null");
        Assert.Contains("╭", listed.AssertDone().Out, StringComparison.Ordinal);

        // script, of util-linux, gives a process a terminal.
        using var process = Process.Start(Programs.Start(
            "script", "-qec", $"{Kmsctl} users set-password {account} u", "/dev/null"))!;
        var shown = new StringBuilder();
        foreach (var question in new[] { "Password: ", "Again: " })
        {
            while (!shown.ToString().EndsWith(question, StringComparison.Ordinal))
                shown.Append((char)await ReadAsync(process));
            // At once: there must be no moment in which the terminal itself still echoes.
            await process.StandardInput.WriteLineAsync(password);
            await process.StandardInput.FlushAsync();
        }

        shown.Append((await EndAsync(process)).AssertDone().Out);
        Assert.Contains("The user has another.", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(password, shown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1", 3, "Connection refused")]
    [InlineData("https://192.0.2.1:1", 2, "No token: ")]
    public async Task Token_OfThisMachinesServer_IsNotForAnother(string address, int exitCode, string message)
    {
        var home = server.NewFile();
        Directory.CreateDirectory(Path.Combine(home, "kmsactors"));
        await File.WriteAllTextAsync(Path.Combine(home, "kmsactors", "admin-token"), "token\n");
        var run = await ShellAsync(
            $"XDG_DATA_HOME={home} dotnet {Programs.CliDll} accounts list --timeout 5 --server {address}");
        run.AssertFailed(exitCode, message);
    }

    [Fact]
    public async Task Completions_OfWords_AreOffered()
    {
        var run = await ShellAsync(
            $"dotnet {Programs.CliDll} '[suggest:10]' 'kmsctl ali'; dotnet {Programs.CliDll} '[suggest:21]' 'kmsctl keys schedule-'");
        Assert.Equal(["aliases", "schedule-deletion"], run.AssertDone().Lines);
    }

    private string Kmsctl => $"dotnet {Programs.CliDll} --server {server.Address} --data {server.Data}";

    private static async Task<int> ReadAsync(Process process)
    {
        var read = new byte[1];
        await process.StandardOutput.BaseStream.ReadExactlyAsync(read).AsTask().WaitAsync(Patience);
        return read[0];
    }

    private static Task<Run> ShellAsync(string script) =>
        EndAsync(Process.Start(Programs.Start("bash", "-c", script))!);

    private static async Task<Run> EndAsync(Process process)
    {
        using (process)
        {
            using var output = new MemoryStream();
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.BaseStream.CopyToAsync(output).WaitAsync(Patience);
            await process.WaitForExitAsync().WaitAsync(Patience);
            return new Run(process.ExitCode, output.ToArray(), await error);
        }
    }
}
