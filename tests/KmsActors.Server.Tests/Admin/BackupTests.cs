using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using KmsActors.Server.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server.Tests.Admin;

/// <summary>Copies of the database: out while it is written to, and in, whole or not at all.</summary>
public sealed class BackupTests(SmallRestoreServer server) : IClassFixture<SmallRestoreServer>
{
    private const string Header = "Repr-Digest";

    private Tenant Root => server.Root;

    [Fact]
    public async Task Backup_WhileItIsWrittenTo_IsOfOneMoment()
    {
        const int most = 200;
        using var end = new CancellationTokenSource();
        await Root.KeyAsync();
        var writers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!end.IsCancellationRequested) await Root.AliasAsync(await Root.KeyAsync());
        }).ToArray();
        var keys = new List<long>();
        try
        {
            // On a busy machine some copies may be made between two commits.
            while (keys.Count < 5 || (keys[^1] == keys[0] && keys.Count < most)) await CopyAsync();
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(writers);
        }

        Assert.Equal(keys.Order(), keys);
        Assert.True(keys[^1] > keys[0]);
        AssertNothingIsLeft();

        async Task CopyAsync()
        {
            var copy = await BackUpAsync();
            var path = Path.Combine(server.Data, "of-the-tests.db");
            await File.WriteAllBytesAsync(path, copy);
            Assert.Equal("ok", Ask(path, "PRAGMA integrity_check"));
            Assert.Equal(
                Ask(path, "SELECT count(*) FROM keys"),
                Ask(path, $"SELECT sum(count) FROM counts WHERE kind = {(int)Grains.GrainKind.Cmk}"));
            // An alias comes after its key, and both in the order of commits.
            Assert.Equal(0L, Ask(path, "SELECT count(*) FROM aliases WHERE key_id NOT IN (SELECT key_id FROM keys)"));
            Assert.Equal(Ask(path, "SELECT last FROM commits"), Ask(path, "SELECT max(seq) FROM audit"));
            keys.Add((long)Ask(path, "SELECT count(*) FROM keys")!);
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Restore_UndoesWhatChangedSince_AndKeepsIt()
    {
        var (key, disabled) = (await Root.KeyAsync(), await Root.KeyAsync());
        var alias = await Root.AliasAsync(key);
        var (blob, other) = (await Root.EncryptAsync(key), await Root.EncryptAsync(disabled));
        var copy = await BackUpAsync();
        await Root.OkAsync("DeleteAlias", ("AliasName", alias));
        await Root.OkAsync("DisableKey", ("KeyId", disabled));
        var later = await Root.KeyAsync();

        var answer = (await RestoreAsync(copy, DigestOf(copy))).AssertOk(202);
        await server.RestartAsync();

        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(blob));
        Assert.Equal("aGVsbG8=", await Root.DecryptAsync(other));
        Assert.Equal(key, (await Root.DescribeAsync(alias))["KeyMetadata.KeyId"]);
        (await Root.CallAsync("DescribeKey", ("KeyId", later))).AssertRefused("Forbidden.KeyNotFound", null);
        var service = await server.Operator.GetAsync("service");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(copy)), service["restored.sha256"]);
        Assert.Equal((answer.RequestId, answer["at"]), (service["restored.requestId"], service["restored.at"]));
        var before = Path.Combine(server.Data, "kms.db.before-restore");
        Assert.Equal(1L, Ask(before, $"SELECT count(*) FROM keys WHERE key_id = '{later}'"));
        Assert.All(Directory.GetFiles(server.Data, "kms.db*"), file => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Restore_OfAnOlderSchema_MigratesIt()
    {
        var old = Path.Combine(server.Data, "old.db");
        OldDatabase.Make(old, Path.Combine(server.Data, "root.key"));
        (await RestoreAsync(await File.ReadAllBytesAsync(old))).AssertOk(202);
        File.Delete(old);
        await server.RestartAsync();
        Assert.Empty(await Root.KeyIdsAsync());
        await Root.AliasAsync(await Root.KeyAsync());
    }

    [Theory]
    [InlineData("", 400, "ParameterInvalid", "body")]
    [InlineData("hello", 400, "ParameterInvalid", "body")]
    [InlineData("cut", 400, "ParameterInvalid", "body")]
    [InlineData("page of zeros", 400, "ParameterInvalid", "body")]
    [InlineData("empty database", 400, "ParameterInvalid", "body")]
    [InlineData("DROP TABLE reminders", 400, "ParameterInvalid", "body")]
    [InlineData("CREATE TABLE more (a)", 400, "ParameterInvalid", "body")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM audit; END", 400, "ParameterInvalid", "body")]
    [InlineData("CREATE VIEW v AS SELECT 1", 400, "ParameterInvalid", "body")]
    [InlineData("PRAGMA user_version = 0", 400, "ParameterInvalid", "body")]
    [InlineData("PRAGMA user_version = 99", 409, "CopyIsNewer", null)]
    [InlineData("UPDATE root_keys SET sealed = x'00'", 409, "AnotherRootKey", null)]
    [InlineData("DELETE FROM root_keys", 409, "AnotherRootKey", null)]
    [InlineData(
        "UPDATE grains SET state = CAST(replace(CAST(state AS TEXT), 'Active', 'Deleted') AS BLOB) WHERE kind = 1",
        409,
        "WouldNotStart",
        null)]
    [InlineData("UPDATE grains SET state = CAST('{}' AS BLOB)", 409, "WouldNotStart", null)]
    public async Task Restore_OfWhatIsNoGoodCopy_IsRefusedAndChangesNothing(
        string what, int status, string code, string? parameter)
    {
        var good = await BackUpAsync();
        var bad = what switch
        {
            "" or "hello" => System.Text.Encoding.ASCII.GetBytes(what),
            "cut" => good[..(good.Length / 2)],
            "page of zeros" => [.. good[..8192], .. new byte[4096], .. good[12288..]],
            "empty database" => await ChangedAsync([], "CREATE TABLE a (b)"),
            _ => await ChangedAsync(good, what),
        };
        var before = (server.Commits(), Files());
        (await RestoreAsync(bad, DigestOf(bad))).AssertRefused(status, code, parameter);
        Assert.Equal(before, (server.Commits(), Files()));
        AssertNothingIsLeft();
        await Root.KeyAsync();
    }

    [Fact]
    public async Task Restore_OfAnotherServersDatabase_IsRefused()
    {
        var other = new AdminServer();
        await other.InitializeAsync();
        await other.Root.KeyAsync();
        var copy = await BackUpAsync(other);
        await other.DisposeAsync();
        (await RestoreAsync(copy)).AssertRefused(409, "AnotherRootKey");
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")]
    [InlineData("sha-512=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")]
    [InlineData("sha-256=:AAAA:")]
    [InlineData("")]
    public async Task Restore_WithAnotherDigest_IsRefused(string digest) =>
        (await RestoreAsync(await BackUpAsync(), digest)).AssertRefused(400, "ParameterInvalid", Header);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_LongerThanItMayBe_IsRefused(bool saysItsLength)
    {
        using var content = new ByteArrayContent(new byte[SmallRestoreServer.MostBytes + 1]);
        using var request = Request(HttpMethod.Post, "restore");
        request.Content = content;
        request.Headers.TransferEncodingChunked = !saysItsLength;
        request.Headers.ExpectContinue = true;
        using var response = await server.Operator.Http.SendAsync(request);
        (await AdminAnswer.OfAsync(response)).AssertRefused(413, "BodyTooLong");
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Copies_AreOneAtATime_AndOneThatIsGivenUpIsForgotten()
    {
        var body = new TaskCompletionSource<byte[]>();
        using var given = new CancellationTokenSource();
        using var slow = Request(HttpMethod.Post, "restore");
        slow.Content = new LateContent(body.Task);
        slow.Headers.TransferEncodingChunked = true;
        slow.Headers.ExpectContinue = false;
        var sending = server.Operator.Http.SendAsync(slow, given.Token);
        var upload = Path.Combine(server.Data, "upload.db");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(upload)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(upload));
        (await server.Operator.SendAsync("GET", "backup")).AssertRefused(409, "CopyUnderWay");
        (await RestoreAsync([])).AssertRefused(409, "CopyUnderWay");
        await given.CancelAsync();
        body.SetCanceled();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Eventually.TrueAsync(() => Task.FromResult(!File.Exists(upload)));
        await Eventually.TrueAsync(async () => (await server.Operator.SendAsync("GET", "backup")).Status == 200);
    }

    [Fact]
    public async Task Backup_WithoutRoom_SaysSoAndTheServiceServes()
    {
        // A directory of its name stands in for a disk without room: the copy cannot be made.
        var place = Directory.CreateDirectory(Path.Combine(server.Data, "copy.db"));
        using (var request = Request(HttpMethod.Get, "backup"))
        using (var response = await server.Operator.Http.SendAsync(request))
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
            Assert.Contains("CopyFailed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        place.Delete();
        await BackUpAsync();
    }

    private static object? Ask(string path, string sql)
    {
        using var connection = Open(path);
        return Run(connection, sql);
    }

    private static object? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only tests' own constants come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static string DigestOf(byte[] content) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";

    /// <summary>A copy after a statement, in one file.</summary>
    private async Task<byte[]> ChangedAsync(byte[] copy, string sql)
    {
        var path = Path.Combine(server.Data, "changed.db");
        await File.WriteAllBytesAsync(path, copy);
        using (var connection = Open(path))
        {
            Run(connection, "PRAGMA journal_mode = DELETE");
            if (sql.Length > 0) Assert.Null(Run(connection, sql));
        }

        var changed = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        return changed;
    }

    private HttpRequestMessage Request(HttpMethod method, string path, AdminServer? from = null)
    {
        var request = new HttpRequestMessage(method, new Uri((from ?? server).AdminAddress, AdminClient.Root + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.OperatorToken);
        return request;
    }

    private async Task<byte[]> BackUpAsync(AdminServer? from = null)
    {
        using var request = Request(HttpMethod.Get, "backup", from);
        using var response = await (from ?? server).Operator.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var copy = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(DigestOf(copy), response.Headers.GetValues(Header).Single());
        Assert.Equal("application/vnd.sqlite3", response.Content.Headers.ContentType?.MediaType);
        return copy;
    }

    private async Task<AdminAnswer> RestoreAsync(byte[] copy, string? digest = null)
    {
        using var request = Request(HttpMethod.Post, "restore");
        request.Content = new ByteArrayContent(copy);
        if (digest is not null) request.Headers.TryAddWithoutValidation(Header, digest);
        using var response = await server.Operator.Http.SendAsync(request);
        return await AdminAnswer.OfAsync(response);
    }

    private string Files() => string.Join(
        '\n', Directory.GetFiles(server.Data).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private void AssertNothingIsLeft() => Assert.DoesNotContain(
        Directory.GetFiles(server.Data).Select(file => Path.GetFileName(file)!),
        file => file.StartsWith("copy.db", StringComparison.Ordinal)
            || file.StartsWith("upload.db", StringComparison.Ordinal)
            || file == "kms.db.restored");

    private sealed class LateContent(Task<byte[]> bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("SQLite"u8.ToArray());
            await stream.FlushAsync();
            await stream.WriteAsync(await bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>A server that takes copies of four megabytes.</summary>
public sealed class SmallRestoreServer : AdminServer
{
    internal const int MostBytes = 4 * 1024 * 1024;

    protected override IEnumerable<string> MoreOptions =>
        [.. base.MoreOptions, $"--Kms:Admin:MostRestoreBytes={MostBytes}"];
}
