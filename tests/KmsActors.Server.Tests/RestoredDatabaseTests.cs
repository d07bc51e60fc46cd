using KmsActors.Operations;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Server.Tests;

/// <summary>
/// A start after a process that was killed while it put a restored database in its place: after each of the steps that
/// it takes, the new database is served, and the one before is whole beside it.
/// </summary>
public sealed class RestoredDatabaseTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-restored-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Start_AfterSoManySteps_ServesTheRestoredDatabase(int steps)
    {
        await MakeAsync("a");
        var restored = In("saved");
        File.Copy(In("kms.db"), restored);
        await MakeAsync("b");
        // As a killed process leaves it: what came last is in the WAL alone.
        await using (var killed = await OpenAsync())
        {
            await new CreateAccount().RunAsync(Context(killed, "c"));
            File.Copy(In("kms.db-wal"), In("wal"));
            File.Copy(In("kms.db"), In("db"));
        }

        File.Move(In("db"), In("kms.db"), overwrite: true);
        File.Move(In("wal"), In("kms.db-wal"));
        await File.WriteAllTextAsync(In("kms.db-shm"), "");
        // And what an earlier restore has left.
        await File.WriteAllTextAsync(In("kms.db.before-restore"), "old");
        await File.WriteAllTextAsync(In("kms.db.before-restore-wal"), "old");
        Action[] all =
        [
            () => File.Delete(In("kms.db.before-restore-wal")),
            () => File.Move(In("kms.db"), In("kms.db.before-restore"), overwrite: true),
            () => File.Move(In("kms.db-wal"), In("kms.db.before-restore-wal"), overwrite: true),
            () => File.Delete(In("kms.db-shm")),
            () => File.Move(In("kms.db.restored"), In("kms.db")),
        ];
        File.Move(restored, In("kms.db.restored"));
        foreach (var step in all[..steps]) step();

        Assert.Equal(["a"], await AccountsAsync());
        File.Move(In("kms.db.before-restore"), In("kms.db"), overwrite: true);
        File.Move(In("kms.db.before-restore-wal"), In("kms.db-wal"), overwrite: true);
        Assert.Equal(["a", "b", "c"], await AccountsAsync());
    }

    [Fact]
    public async Task Start_AfterOneThatWasKilledInACopy_ServesAndRemovesIt()
    {
        await MakeAsync("a");
        string[] left = ["copy.db", "copy.db-journal", "upload.db", "upload.db-wal", "upload.db-shm", "upload.db-journal"];
        foreach (var name in left) await File.WriteAllTextAsync(In(name), "left");
        Assert.Equal(["a"], await AccountsAsync());
        Assert.All(left, name => Assert.False(File.Exists(In(name))));
    }

    private static OperationContext Context(KmsServer server, string account) =>
        new(server.Kms, account, new Grains.Hosting.TurnContext("tests", ""), CancellationToken.None);

    private string In(string name) => Path.Combine(_data, name);

    private async Task MakeAsync(string account)
    {
        await using var server = await OpenAsync();
        Assert.False((await new CreateAccount().RunAsync(Context(server, account))).Refused(out _));
    }

    private async Task<string[]> AccountsAsync()
    {
        await using var server = await OpenAsync();
        var listed = await new ListAccounts("", 100).RunAsync(Context(server, ""));
        return [.. listed.Value.Select(each => each.Key).Where(number => number.Length == 1)];
    }

    private Task<KmsServer> OpenAsync() => KmsServer.OpenAsync(
        [
            $"--data={_data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", "--Kms:AllowCoreDumps=true",
        ],
        new FakeTimeProvider(DateTimeOffset.UtcNow));
}
