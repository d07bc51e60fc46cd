using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Server.Tests.Hosting;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace KmsActors.Server.Tests;

/// <summary>What keeps the root key: that it opens, that nothing else does, and that a wrong one touches nothing.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RootKeyTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";

    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-root-key-").FullName;

    private string Data => Path.Combine(_directory, "data");

    private string DefaultFile => Path.Combine(Data, "root.key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static readonly string[] Kinds = ["file", "secret", "passphrase"];

    public static TheoryData<string> Custodies() => new(Kinds);

    [Theory]
    [MemberData(nameof(Custodies))]
    public async Task Custody_Right_OpensWhatItHasSealedAndNothingElse(string custody)
    {
        var own = Setting(custody, "own");
        var ciphertext = await EncryptAsync(own);
        Assert.Equal("secret", await DecryptAsync(ciphertext, own));
        Assert.False(File.Exists(DefaultFile));

        var before = Everything();
        foreach (var wrong in Kinds.Select(kind => Setting(kind, "other")))
        {
            var message = await RefusedAsync(wrong);
            Assert.Contains("does not open the root key", message, StringComparison.Ordinal);
            Assert.Contains(wrong[(wrong.IndexOf('=', StringComparison.Ordinal) + 1)..], message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Everything());
        Assert.Equal("secret", await DecryptAsync(ciphertext, own));
    }

    [Fact]
    public async Task DefaultFile_Missing_IsRefusedAndNotMade()
    {
        var ciphertext = await EncryptAsync();
        var kept = Path.Combine(_directory, "kept");
        File.Move(DefaultFile, kept);
        var before = Everything();
        Assert.Contains(DefaultFile, await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(before, Everything());
        File.Move(kept, DefaultFile);
        Assert.Equal("secret", await DecryptAsync(ciphertext));
    }

    [Theory]
    [MemberData(nameof(Custodies))]
    public async Task Custody_ThatIsNotThere_IsRefusedAndNothingIsMade(string custody)
    {
        var path = Path.Combine(_directory, "nowhere");
        var name = Name(custody);
        Assert.Contains(path, await RefusedAsync($"--Kms:RootKey:{name}={path}"), StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.False(File.Exists(DefaultFile));
    }

    [Fact]
    public async Task Passphrase_TooShort_IsRefused()
    {
        var setting = Setting("passphrase", "own");
        await File.WriteAllTextAsync(Path.Combine(_directory, "passphrase-own"), "fifteen letters");
        Assert.Contains("16 to 1024", await RefusedAsync(setting), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, null)]
    [InlineData(UnixFileMode.GroupWrite, "writable")]
    public async Task SecretFile_Modes_AreThoseOfSomethingMounted(UnixFileMode others, string? refused)
    {
        var setting = Setting("secret", "own");
        File.SetUnixFileMode(Path.Combine(_directory, "secret-own"), UnixFileMode.UserRead | others);
        if (refused is null) await EncryptAsync(setting);
        else Assert.Contains(refused, await RefusedAsync(setting), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Kms:RootKey:File=a", "--Kms:RootKey:SecretFile=b", "Kms:RootKey")]
    [InlineData("--Kms:RootKey:File=a", "--Kms:RootKey:InToken=true", "Kms:RootKey")]
    [InlineData("--Kms:RootKey:InToken=true", "--Kms:Region=cn-beijing", "Kms:RootKey:InToken")]
    [InlineData("--Kms:FormerRootKey:InToken=true", "--Kms:Region=cn-beijing", "Kms:RootKey:InToken")]
    [InlineData("--Kms:FormerRootKey:File=a", "--Kms:FormerRootKey:PassphraseFile=b", "Kms:FormerRootKey")]
    [InlineData("--Kms:RootKey:File=", "--Kms:Region=cn-beijing", "Kms:RootKey")]
    public async Task Settings_ThatContradict_AreNamed(string first, string second, string name) =>
        Assert.Contains($"{name}: ", await RefusedAsync(first, second), StringComparison.Ordinal);

    [Theory]
    [InlineData("file", "passphrase")]
    [InlineData("passphrase", "file")]
    [InlineData("passphrase", "secret")]
    [InlineData("file", "file")]
    public async Task FormerRootKey_Named_HasItSealedAnew(string from, string to)
    {
        var (old, now) = (Setting(from, "old"), Setting(to, "now"));
        var former = old.Replace("Kms:RootKey:", "Kms:FormerRootKey:", StringComparison.Ordinal);
        var ciphertext = await EncryptAsync(old);
        var before = Everything();
        await RefusedAsync(now, Setting(from, "other").Replace("Kms:RootKey:", "Kms:FormerRootKey:", StringComparison.Ordinal));
        Assert.Equal(before, Everything());

        Assert.Equal("secret", await DecryptAsync(ciphertext, now, former));
        await RefusedAsync(old);
        Assert.Equal("secret", await DecryptAsync(ciphertext, now));
        // Left in the settings, it does no harm.
        Assert.Equal("secret", await DecryptAsync(ciphertext, now, former));
    }

    [Fact]
    public async Task Database_OfBeforeVersions_OpensWithItsKeyFileAndNoOther()
    {
        Directory.CreateDirectory(Data);
        byte[] ciphertext;
        using (var key = RootKeyFile.LoadOrCreate(DefaultFile))
        {
            await using var store = await SqliteGrainStore.OpenAsync(
                new SqliteStoreOptions { Path = Path.Combine(Data, "kms.db") }, default);
            var value = Encoding.ASCII.GetBytes(RootKeyRing.CheckValueOf(key.Span));
            await store.SetMetaIfAbsentAsync("root-key-check-value", value, default);
            using var hsa = new SoftwareHsa(key.Span, rsaPairs: 1);
            using var host = new GrainHost(store, TimeProvider.System, new GrainHostOptions());
            var kms = new Kms(host, store, hsa, TimeProvider.System, new KmsLimits());
            await kms.OkAsync(new CreateAccount());
            ciphertext = await kms.EncryptAsync();
        }

        var before = Everything();
        Assert.Contains(
            "is not the root key of", await RefusedAsync(Setting("file", "other")), StringComparison.Ordinal);
        await RefusedAsync(Setting("passphrase", "other"));
        Assert.Equal(before, Everything());
        Assert.Equal("secret", await DecryptAsync(ciphertext));
        Assert.Equal("secret", await DecryptAsync(ciphertext));
    }

    [Fact]
    public async Task Database_OfAnOlderSchema_IsLeftAloneButByItsOwnKeyFile()
    {
        Directory.CreateDirectory(Data);
        RootKeyFile.LoadOrCreate(DefaultFile).Dispose();
        OldDatabase.Make(Path.Combine(Data, "kms.db"), DefaultFile);
        var before = Everything();
        foreach (var other in new[] { Setting("file", "other"), Setting("secret", "other") })
            Assert.Contains("is not the root key of", await RefusedAsync(other), StringComparison.Ordinal);
        Assert.Contains(
            "is not the root key of", await RefusedAsync(Setting("passphrase", "other")), StringComparison.Ordinal);
        await RefusedAsync($"--Kms:RootKey:File={Path.Combine(_directory, "none")}");
        Assert.Equal(before, Everything());
        File.Move(DefaultFile, DefaultFile + ".away");
        await RefusedAsync();
        File.Move(DefaultFile + ".away", DefaultFile);
        Assert.Equal(before, Everything());

        var ciphertext = await EncryptAsync();
        Assert.NotEqual(before, Everything());
        Assert.Equal("secret", await DecryptAsync(ciphertext));
    }

    private static string Name(string custody) => custody switch
    {
        "file" => "File",
        "secret" => "SecretFile",
        _ => "PassphraseFile",
    };

    private string Setting(string custody, string name)
    {
        var path = Path.Combine(_directory, $"{custody}-{name}");
        if (custody == "passphrase") File.WriteAllText(path, $"{Passphrase} {name}\n");
        else RootKeyFile.LoadOrCreate(path).Dispose();
        return $"--Kms:RootKey:{Name(custody)}={path}";
    }

    private async Task<byte[]> EncryptAsync(params string[] settings)
    {
        await using var server = await OpenAsync(settings);
        return await server.Kms.EncryptAsync();
    }

    private async Task<string> DecryptAsync(byte[] ciphertext, params string[] settings)
    {
        await using var server = await OpenAsync(settings);
        return await server.Kms.DecryptAsync(ciphertext);
    }

    private Task<KmsServer> OpenAsync(params string[] settings) => KmsServer.OpenAsync(
        [
            $"--data={Data}", "--urls=http://127.0.0.1:0", "--KMS_ROOT_ACCESS_KEY_ID=root-of-the-tests",
            "--KMS_ROOT_ACCESS_KEY_SECRET=root-secret-of-the-tests", .. settings,
        ],
        TimeProvider.System);

    private async Task<string> RefusedAsync(params string[] settings)
    {
        var refused = await Assert.ThrowsAnyAsync<StartException>(async () => await (await OpenAsync(settings)).DisposeAsync());
        return refused.Message;
    }

    /// <summary>All rows of the database, and the names of all files beside it.</summary>
    private string Everything()
    {
        string[] passing = ["lock", "kms.db-wal", "kms.db-shm"];
        var all = new StringBuilder(string.Join(
            ' ', Directory.GetFiles(Data).Select(Path.GetFileName).Except(passing).Order()));
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "kms.db")};Pooling=False");
        connection.Open();
        foreach (var table in Rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
            all.Append(table).AppendJoin('\n', Rows($"SELECT * FROM {table}"));
        return all.ToString();

        IEnumerable<string> Rows(string query)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only names of tables come here.
            command.CommandText = query;
#pragma warning restore CA2100
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var values = new object[rows.FieldCount];
                rows.GetValues(values);
                yield return string.Join('|', values.Select(v => v is byte[] bytes ? Convert.ToHexString(bytes) : $"{v}"));
            }
        }
    }
}
