using System.Diagnostics;
using System.Security.Cryptography;
using KmsActors.CrashTests;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Cli.Tests;

/// <summary>kmsctl backup and restore: whole or not at all, and nothing without a yes.</summary>
[Collection(RealServer.Name)]
public sealed class BackupTests(RealServer server)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Backup_IsAPrivateFile_AndReplacesOnlyWhatItMay()
    {
        var file = server.NewFile();
        var run = await server.OkAsync("backup", file, "--json");
        var copy = await File.ReadAllBytesAsync(file);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(copy)), run["sha256"]);
        Assert.Equal((file, $"{copy.Length}"), (run["file"], run["bytes"]));
        Assert.Equal(Private, File.GetUnixFileMode(file));
        (await server.RunAsync("backup", file)).AssertFailed(ExitCode.Usage, "is there already: --force");
        await File.WriteAllTextAsync(file, "old");
        await server.OkAsync("backup", file, "--force");
        Assert.StartsWith("SQLite format 3", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Equal(Private, File.GetUnixFileMode(file));
        (await server.RunAsync("backup", Path.Combine(file, "x"))).AssertFailed(ExitCode.Usage, file);
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("changed")]
    [InlineData("without digest")]
    public async Task Backup_ThatIsNotWhole_IsNotKept(string how)
    {
        var content = new byte[100_000];
        await using var stub = await StubServer.StartAsync(async http =>
        {
            var digest = SHA256.HashData(how == "changed" ? content[1..] : content);
            if (how != "without digest")
                http.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(digest)}:";
            http.Response.ContentLength = content.Length;
            await http.Response.Body.WriteAsync(content.AsMemory(0, how == "cut off" ? 50_000 : content.Length));
            if (how == "cut off") http.Abort();
        });
        var folder = Directory.CreateTempSubdirectory("kmsctl-backup-");
        var file = Path.Combine(folder.FullName, "kms.db");
        (await stub.Invocation.RunAsync("backup", file)).AssertFailed(ExitCode.Unreachable, "");
        Assert.Empty(folder.GetFiles());
        await File.WriteAllTextAsync(file, "old");
        (await stub.Invocation.RunAsync("backup", file, "--force")).AssertFailed(ExitCode.Unreachable, "");
        Assert.Equal("old", await File.ReadAllTextAsync(file));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Refusals_HaveTheirExitCodes_AndLeaveNoFile()
    {
        await using var stub = await StubServer.StartAsync(409, """{"code":"NotSqlite","title":"Use pg_dump."}""");
        var file = server.NewFile();
        (await stub.Invocation.RunAsync("backup", file)).AssertFailed(ExitCode.Refused, "NotSqlite: Use pg_dump.");
        Assert.False(File.Exists(file));
        await File.WriteAllTextAsync(file, "no database");
        (await stub.Invocation.RunAsync("restore", file, "--yes")).AssertFailed(ExitCode.Refused, "NotSqlite: Use pg_dump.");
        (await server.RunAsync("restore", file, "--yes"))
            .AssertFailed(ExitCode.Refused, "ParameterInvalid: It is no SQLite database. (body)");
        (await server.RunAsync("restore", file + "x", "--yes")).AssertFailed(ExitCode.Usage, file);
    }

    [Fact]
    public async Task Restore_WithoutAYes_SendsNothing()
    {
        await using var stub = await StubServer.StartAsync(200, "{}");
        var file = server.NewFile();
        await File.WriteAllTextAsync(file, "x");
        (await stub.Invocation.RunAsync("restore", file)).AssertFailed(ExitCode.Usage, "--yes");
        var no = await (stub.Invocation with { IsTerminal = true, Typed = "no\n" }).RunAsync("restore", file);
        no.AssertFailed(ExitCode.Cancelled, "Nothing is restored.");
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Restore_ReturnsWhenTheCopyIsServed()
    {
        // A server of its own, at a port that it has again when it starts anew.
        var address = $"https://127.0.0.1:{FreePort.Find()}";
        var folder = Directory.CreateTempSubdirectory("kmsctl-restore-");
        string[] where = ["--server", address, "--data", Path.Combine(folder.FullName, "data")];
        using var process = Process.Start(Programs.Server(
            "--data", where[3], "--urls", address, "--Logging:LogLevel:Default=Error"))!;
        try
        {
            while ((await new Invocation().RunAsync([.. where, "status"])).ExitCode != 0)
            {
                Assert.False(process.HasExited, "the server has ended");
                await Task.Delay(100);
            }

            var file = Path.Combine(folder.FullName, "copy");
            (await new Invocation().RunAsync([.. where, "backup", file])).AssertDone();
            (await new Invocation().RunAsync([.. where, "accounts", "create", "later"])).AssertDone();
            var restored = await new Invocation { IsTerminal = true, Typed = "yes\n" }.RunAsync([.. where, "restore", file]);
            Assert.Contains("what was taken away since is back", restored.AssertDone().Error, StringComparison.Ordinal);
            (await new Invocation().RunAsync([.. where, "accounts", "show", "later"]))
                .AssertFailed(ExitCode.Refused, "AccountNotFound");
            var status = (await new Invocation().RunAsync([.. where, "status"])).AssertDone().Out;
            Assert.Contains("restored.sha256", status, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }
}
