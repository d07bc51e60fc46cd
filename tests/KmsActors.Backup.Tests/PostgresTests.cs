using System.Diagnostics;
using System.Security.Cryptography;
using KmsActors.CrashTests;

namespace KmsActors.Backup.Tests;

/// <summary>What deploy/README.md says of backups on PostgreSQL, done.</summary>
public sealed class PostgresTests
{
    [Fact]
    public async Task Dump_of_a_live_database_is_restored_beside_it_and_only_its_root_key_opens_it()
    {
        using var folder = new Folder();
        using var server = new PostgresCluster();
        using var service = await Service.StartAsync(folder.In("data"), "--store", server.ConnectionString);
        var key = (await service.OkAsync("CreateKey")).Text("KeyMetadata", "KeyId");
        await service.OkAsync("CreateAlias", ("AliasName", "alias/invoices"), ("KeyId", key));
        var blob = (await service.OkAsync("Encrypt", ("KeyId", "alias/invoices"), ("Plaintext", "aGVsbG8="))).Text("CiphertextBlob");
        var doomed = (await service.OkAsync("CreateKey")).Text("KeyMetadata", "KeyId");
        await service.OkAsync("ScheduleKeyDeletion", ("KeyId", doomed), ("PendingWindowInDays", "7"));
        using var end = new CancellationTokenSource();
        var caller = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested) await service.OkAsync("CreateKey");
        });

        Pg(server, "pg_dump", "-Fc", "-n", "kmsactors", "-d", "postgres", "-f", folder.In("kms.dump"));
        await end.CancelAsync();
        await caller;
        var later = (await service.OkAsync("CreateKey")).Text("KeyMetadata", "KeyId");
        Pg(server, "createdb", "-T", "template0", "kms-restored");
        Pg(server, "pg_restore", "--single-transaction", "-d", "kms-restored", folder.In("kms.dump"));

        var restored = server.ConnectionString.Replace("Database=postgres", "Database=kms-restored", StringComparison.Ordinal);
        var before = Text(server);
        var other = RandomNumberGenerator.GetBytes(32);
        var checksum = SHA256.HashData(other)[..4];
        var otherKey = folder.In("other.key");
        await File.WriteAllTextAsync(
            otherKey, $"kmsactors-root-key-1 {Convert.ToHexStringLower(other)} {Convert.ToHexStringLower(checksum)}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(otherKey, UnixFileMode.UserRead);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(
            folder.In("other"), "--store", restored, $"--Kms:RootKey:File={otherKey}"));
        Assert.Contains("other.key does not open the root key of the database", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Text(server));

        var rootKey = Path.Combine(folder.In("data"), "root.key");
        using var again = await Service.StartAsync(folder.In("new"), "--store", restored, $"--Kms:RootKey:File={rootKey}");
        Assert.Equal("aGVsbG8=", (await again.OkAsync("Decrypt", ("CiphertextBlob", blob))).Text("Plaintext"));
        Assert.Equal(key, (await again.OkAsync("DescribeKey", ("KeyId", "alias/invoices"))).Text("KeyMetadata", "KeyId"));
        var due = await again.OkAsync("DescribeKey", ("KeyId", doomed));
        Assert.Equal("PendingDeletion", due.Text("KeyMetadata", "KeyState"));
        Assert.Equal("Forbidden.KeyNotFound", (await again.Tenant.CallAsync("DescribeKey", ("KeyId", later)))!.Code);
        Assert.Equal(1, Count(server, $"SELECT count(*) FROM kmsactors.reminders WHERE name = '{doomed}'"));
    }

    [Fact]
    public async Task Calls_that_copy_are_refused_and_say_how()
    {
        using var folder = new Folder();
        using var service = await Service.StartAsync(
            folder.In("data"), "--store", PostgresCluster.Shared.ConnectionString, "--Kms:Cluster:Schema=refused");
        using var content = new ByteArrayContent([]);
        foreach (var (method, path) in new[] { ("GET", "backup"), ("POST", "restore") })
        {
            var (status, answer) = await service.AdminAsync(method, path, method == "POST" ? content : null);
            Assert.Equal((409, "NotSqlite"), (status, answer.GetProperty("code").GetString()));
            Assert.Contains("pg_dump", answer.GetProperty("title").GetString(), StringComparison.Ordinal);
        }

        Assert.False((await service.AdminOkAsync("GET", "service")).TryGetProperty("restored", out _));
    }

    /// <summary>Runs one of PostgreSQL's programs on the server; its output.</summary>
    internal static string Pg(PostgresCluster server, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            PostgresCluster.Program(program), ["-h", server.SocketDirectory, "-U", "kms", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }

    private static long Count(PostgresCluster server, string sql) =>
        long.Parse(Pg(server, "psql", "-d", "kms-restored", "-Atc", sql), null);

    // Newer programs write a random word into each dump.
    private static string Text(PostgresCluster server) => string.Join('\n', Pg(server, "pg_dump", "-d", "kms-restored")
        .Split('\n').Where(line => !line.Contains("restrict ", StringComparison.Ordinal)));
}
