using System.Diagnostics;

namespace KmsActors.Backup.Tests;

/// <summary>A server that crashes leaves nothing of its memory in a file.</summary>
public sealed class CoreDumpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("ABRT")]
    [InlineData("SEGV")]
    public async Task Crash_leaves_no_dump_though_the_system_would_take_one(string signal)
    {
        using var folder = new Folder();
        using var server = await StartAsync(folder);
        Assert.Matches("Max core file size +0 +0 ", File.ReadAllText($"/proc/{server.Id}/limits"));
        await CrashAsync(server, signal);
        Assert.NotEqual(0, server.ExitCode);
        Assert.Empty(Dumps(folder));
    }

    // Where the memory of a process is nobody's to look at, what /proc has of it is not its user's.
    [Fact]
    public async Task Memory_is_readable_by_other_processes_of_its_user_only_if_that_is_allowed()
    {
        if (!Environment.IsPrivilegedProcess) return;
        foreach (var isAllowed in new[] { true, false })
        {
            using var folder = new Folder();
            using (var own = Process.Start("chown", ["nobody", folder.Path])) await own.WaitForExitAsync();
            using var server = await StartAsync(
                folder, ["setpriv", "--reuid=nobody", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
                $"--Kms:AllowCoreDumps={isAllowed}");
            using var owner = Process.Start(new ProcessStartInfo("stat", ["-c", "%U", $"/proc/{server.Id}/environ"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            Assert.Equal(isAllowed ? "nobody" : "root", (await owner.StandardOutput.ReadToEndAsync()).Trim());
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("COMPlus_DbgEnableMiniDump")]
    public async Task Mini_dump_that_DotNet_was_told_to_take_keeps_it_from_starting(string name)
    {
        using var folder = new Folder();
        var start = Start(folder, [], []);
        start.Environment[name] = "1";
        using var server = Process.Start(start)!;
        var said = await server.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(1, server.ExitCode);
        Assert.Contains($"{name} would have", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.key", SearchOption.AllDirectories));
    }

    // Else the first test would find nothing wherever nothing is ever written.
    [Fact]
    public async Task Mini_dump_that_is_allowed_is_taken_and_found()
    {
        using var folder = new Folder();
        var start = Start(folder, [], ["--Kms:AllowCoreDumps=true"]);
        start.Environment["DOTNET_DbgEnableMiniDump"] = "1";
        start.Environment["DOTNET_DbgMiniDumpType"] = "1";
        start.Environment["DOTNET_DbgMiniDumpName"] = folder.In("core.mini");
        using var server = Process.Start(start)!;
        await UntilListeningAsync(server);
        await CrashAsync(server, "SEGV");
        Assert.NotEmpty(Dumps(folder));
    }

    // .NET's handler takes itself away and counts on whatever failed to fail again; so a signal is sent until it ends.
    private static async Task CrashAsync(Process server, string signal)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!server.HasExited)
        {
            using var kill = Process.Start("kill", ["-s", signal, $"{server.Id}"]);
            await kill.WaitForExitAsync(late.Token);
            await Task.Delay(200, late.Token);
        }
    }

    private static IEnumerable<string> Dumps(Folder folder) => Directory.GetFiles(folder.Path)
        .Where(file => Path.GetFileName(file).Contains("core", StringComparison.Ordinal));

    private static async Task<Process> StartAsync(Folder folder, string[]? before = null, params string[] more)
    {
        var server = Process.Start(Start(folder, before ?? [], more))!;
        await UntilListeningAsync(server);
        return server;
    }

    private static async Task UntilListeningAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains("Application started", StringComparison.Ordinal)) return;
        }

        Assert.Fail(await server.StandardError.ReadToEndAsync());
    }

    /// <summary>A server in a directory that dumps go to, and with a shell's leave to write them.</summary>
    private static ProcessStartInfo Start(Folder folder, string[] before, string[] more)
    {
        var start = new ProcessStartInfo(
            "sh",
            [
                "-c", "ulimit -c \"$(ulimit -H -c)\"; exec \"$@\"", "sh", .. before, "dotnet", ServerProcess.Dll(),
                "--data", folder.In("data"), "--urls", "http://127.0.0.1:0", .. more,
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        foreach (var name in start.Environment.Keys.Where(each => each.Contains("MiniDump", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["KMS_ROOT_ACCESS_KEY_ID"] = ServerProcess.AccessKeyId;
        start.Environment["KMS_ROOT_ACCESS_KEY_SECRET"] = ServerProcess.AccessKeySecret;
        return start;
    }
}
