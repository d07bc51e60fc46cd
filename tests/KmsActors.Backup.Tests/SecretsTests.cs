using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace KmsActors.Backup.Tests;

/// <summary>
/// Known secrets are used through a real server, and looked for in all that it leaves: databases, copies and dumps of
/// them, and its log when that says all that it can.
/// </summary>
public sealed class SecretsTests
{
    // The queries of calls are in one category of the log alone, which appsettings.json turns off.
    private static readonly string[] s_verbose =
    [
        "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Trace",
    ];

    [Fact]
    public async Task Database_copies_and_log_on_SQLite_have_no_secret()
    {
        using var folder = new Folder();
        var data = folder.In("data");
        using var service = await Service.StartAsync(data, s_verbose);
        var secrets = await KnownSecrets.UseAsync(service, data);
        var copy = await service.BackUpAsync();
        AssertNone(secrets, "kms.db-wal", await ReadAsync(Path.Combine(data, "kms.db-wal")));
        await service.RestoreAsync(copy);
        await service.OkAsync("CreateKey");
        AssertNone(secrets, "a backup", copy);
        foreach (var name in new[] { "kms.db", "kms.db.before-restore" })
            AssertNone(secrets, name, await ReadAsync(Path.Combine(data, name)));
        // Once more by rows, for a value may go on in another page.
        AssertNone(secrets, "rows", Encoding.Latin1.GetBytes(Rows(Path.Combine(data, "kms.db"))));
        foreach (var file in Directory.GetFiles(data).Where(file => Path.GetFileName(file) != "root.key"))
            Assert.Empty(secrets.In(await ReadAsync(file)));
        AssertNoneInLog(secrets, service);
    }

    [Fact]
    public async Task Dumps_files_and_log_on_PostgreSQL_have_no_secret()
    {
        using var folder = new Folder();
        using var server = new PostgresCluster();
        var data = folder.In("data");
        using var service = await Service.StartAsync(data, ["--store", server.ConnectionString, .. s_verbose]);
        var secrets = await KnownSecrets.UseAsync(service, data);
        AssertNone(secrets, "pg_dump", Encoding.UTF8.GetBytes(PostgresTests.Pg(server, "pg_dump", "-d", "postgres")));
        PostgresTests.Pg(server, "pg_dump", "-Fc", "-Z0", "-d", "postgres", "-f", folder.In("dump"));
        AssertNone(secrets, "pg_dump -Fc", await ReadAsync(folder.In("dump")));
        AssertNoneInLog(secrets, service);
        PostgresTests.Pg(server, "psql", "-d", "postgres", "-c", "CHECKPOINT");
        var files = 0L;
        foreach (var file in Directory.EnumerateFiles(server.Data, "*", SearchOption.AllDirectories))
        {
            var bytes = await ReadAsync(file);
            Assert.True(secrets.In(bytes) is [], $"{file}: {string.Join(", ", secrets.In(bytes))}");
            if (bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(KnownSecrets.Marker)) >= 0) files++;
        }

        // In the table and in the WAL.
        Assert.True(files >= 2, "the test looks in the wrong place");
    }

    // What finds nothing above has to find what is there.
    [Fact]
    public void Secret_in_any_writing_is_found()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var needles = new Needles();
        needles.Add("it", secret);
        var base64 = Convert.ToBase64String(secret);
        byte[][] found =
        [
            secret, Ascii(Convert.ToHexString(secret)), Ascii(Convert.ToHexStringLower(secret)), Ascii(base64),
            Ascii(base64.TrimEnd('=').Replace('+', '-').Replace('/', '_')),
            .. Enumerable.Range(0, 6).Select(before => Ascii(Convert.ToBase64String([.. RandomNumberGenerator.GetBytes(before), .. secret, 1, 2]))),
            Ascii(Convert.ToHexStringLower(Ascii($"{{\"Secret\":\"{base64}\"}}"))), Ascii(Uri.EscapeDataString(base64)),
            Ascii(System.Text.Json.JsonSerializer.Serialize(base64)),
        ];
        Assert.All(found, bytes => Assert.Equal(["it"], needles.In([.. RandomNumberGenerator.GetBytes(999), .. bytes, 7, 7])));
        Assert.Empty(needles.In(RandomNumberGenerator.GetBytes(100_000)));
        Assert.Empty(needles.In([.. secret[..31], (byte)(secret[31] ^ 1)]));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static void AssertNone(Needles secrets, string where, byte[] bytes)
    {
        var found = secrets.In(bytes);
        Assert.True(found.Count == 0, $"{where} has {string.Join(", ", found)}");
        var marker = new Needles();
        marker.Add("it", KnownSecrets.Marker);
        Assert.True(marker.In(bytes).Count == 1, $"{where} is not where the test should look");
    }

    private static void AssertNoneInLog(Needles secrets, Service service)
    {
        var log = service.Process.Output;
        var found = secrets.In(Encoding.UTF8.GetBytes(log));
        Assert.True(found.Count == 0, $"The log has {string.Join(", ", found)}: {Excerpt(log, secrets)}");
        foreach (var level in new[] { "trce: ", "dbug: ", "info: " }) Assert.Contains(level, log, StringComparison.Ordinal);
    }

    private static string Excerpt(string log, Needles secrets) => string.Join(
        '\n', log.Split('\n').Where(line => secrets.In(Encoding.UTF8.GetBytes(line)).Count > 0).Take(5));

    private static async Task<byte[]> ReadAsync(string path)
    {
        // The lock is held by the server.
        if (Path.GetFileName(path) == "lock") return [];
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            return bytes[..await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A database that runs makes files and takes them away.
            return [];
        }
    }

    private static string Rows(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var text = new StringBuilder();
        foreach (var table in new[] { "grains", "keys", "aliases", "reminders", "audit", "meta" })
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the names above come here.
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    var value = rows.GetValue(i);
                    text.Append(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}
