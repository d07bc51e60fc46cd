using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace KmsActors.CrashTests;

/// <summary>Kills the server while it goes over to another version of the root key, with many keys.</summary>
public sealed class RewrapKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Keys = 100_000;
    private const int KeysACommit = 500;
    private const int Kills = 10;
    private const int Samples = 20;
    private const string Account = ServerProcess.Account;

    // So slow that a kill hits it in the middle, and so fast that ten do not take long.
    private const string Pace = "--Kms:Jobs:RowsPerSecond=40000";

    private readonly string _data = Directory.CreateTempSubdirectory("kmsactors-rewrap-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Rewrapping_killed_ten_times_ends_complete()
    {
        var sample = await FillAsync();
        var ciphertexts = new Dictionary<string, string>();
        var kills = 0;
        long left = Keys;
        for (var life = 0; ; life++)
        {
            using var server = await ServerProcess.StartAsync(
                _data, Pace, "--Kms:Admin:AllowHttp=true", "--Kms:Limits:KeysPerAccount=1000000");
            using var client = new SignedClient(server.Address);
            using var admin = new HttpClient { BaseAddress = server.Address };
            admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminToken);
            if (life == 0)
            {
                foreach (var key in sample) ciphertexts[key] = await EncryptAsync(client, key);
                using var rotated = await admin.PostAsync(new Uri("/admin/v1/root-key/versions", UriKind.Relative), null);
                Assert.Equal(202, (int)rotated.StatusCode);
            }

            var target = Math.Max(1, (long)Keys * (Kills - kills - 1) / Kills);
            left = await UntilLeftAsync(admin, kills < Kills ? target : 0);
            // What is needed meanwhile works, under whichever version it is.
            foreach (var key in sample) Assert.Equal("c2VjcmV0", await DecryptAsync(client, ciphertexts[key]));
            if (kills == Kills) break;
            server.Kill();
            kills++;
            output.WriteLine($"killed with {left} to go");
        }

        Check();
    }

    /// <summary>How many grains need the first version, once that is at most so many; 0 when it is gone.</summary>
    private static async Task<long> UntilLeftAsync(HttpClient admin, long most)
    {
        const int mostTries = 3000;
        for (var tries = 0; ; tries++)
        {
            using var answer = await admin.GetAsync(new Uri("/admin/v1/root-key", UriKind.Relative));
            var versions = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement
                .GetProperty("versions").EnumerateArray().ToList();
            if (versions is [var only] && only.GetProperty("version").GetInt64() == 2) return 0;
            var left = versions[0].GetProperty("neededBy").GetInt64();
            if (versions.Count == 2 && left <= most && most > 0) return left;
            Assert.True(tries < mostTries, $"{left} are left");
            await Task.Delay(20);
        }
    }

    private static async Task<string> EncryptAsync(SignedClient client, string key)
    {
        var answer = await client.CallAsync("Encrypt", ("KeyId", key), ("Plaintext", "c2VjcmV0"));
        Assert.Null(answer!.Code);
        return answer.Text("CiphertextBlob");
    }

    private static async Task<string> DecryptAsync(SignedClient client, string ciphertext)
    {
        var answer = await client.CallAsync("Decrypt", ("CiphertextBlob", ciphertext));
        Assert.Null(answer!.Code);
        return answer.Text("Plaintext");
    }

    /// <summary>
    /// Many keys, as a server makes them one by one, but together: from one that was made so, with ids and material of
    /// their own. The ids of some of them.
    /// </summary>
    private async Task<string[]> FillAsync()
    {
        using var rootKey = RootKeyFile.LoadOrCreate(Path.Combine(_data, "root.key"));
        await using var store = await SqliteGrainStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(_data, "kms.db") }, default);
        // The first version of the root key is the key of the file, so that what wraps here needs nothing else.
        using (var custody = new KeyFileCustody(RootKeyFile.Load(Path.Combine(_data, "root.key"))))
            Assert.True(await store.AddRootKeyAsync(1, custody.SealAsFirst(), default));
        using var hsa = new SoftwareHsa(rootKey.Span, rsaPairs: 1);
        using var host = new GrainHost(store, TimeProvider.System, new GrainHostOptions());
        var kms = new Kms(host, store, hsa, TimeProvider.System, new KmsLimits());
        var context = new OperationContext(kms, Account, new TurnContext("test", ""), default) { Rights = Rights.Full };
        Assert.False((await new CreateAccount().RunAsync(context)).Refused(out _));
        var made = await new CreateKey().RunAsync(context);
        Assert.False(made.Refused(out _));
        var model = await store.LoadAsync(GrainId.OfCmk(Account, made.Value.KeyId), default);
        var ids = new List<string> { made.Value.KeyId };
        while (ids.Count < Keys)
        {
            var writes = new List<GrainWrite>();
            for (var i = 0; i < KeysACommit && ids.Count < Keys; i++)
            {
                ids.Add(kms.NewId());
                writes.Add(await CopyAsync(hsa, made.Value.State, model!.State, ids[^1], kms.NewId()));
            }

            var audit = new AuditRecord(
                TimeProvider.System.GetUtcNow(), writes[0].Id, "test", "", [AuditEvent.KeyCreated]);
            var committed = await store.CommitAsync(new GrainCommit(writes, audit), default);
            Assert.Equal(CommitStatus.Committed, committed.Status);
        }

        return [.. Enumerable.Range(0, Samples).Select(i => ids[i * (Keys / Samples)])];
    }

    private static async Task<GrainWrite> CopyAsync(
        SoftwareHsa hsa, CmkState model, byte[] json, string keyId, string versionId)
    {
        var material = await hsa.GenerateKeyAsync(new KeyBinding(Account, keyId, versionId, KeyType.Aes256), default);
        var state = Encoding.UTF8.GetString(json)
            .Replace(model.Primary.Id, versionId, StringComparison.Ordinal)
            .Replace(
                Convert.ToBase64String(model.Primary.WrappedMaterial!),
                Convert.ToBase64String(material),
                StringComparison.Ordinal);
        return new GrainWrite(GrainId.OfCmk(Account, keyId), ExpectedETag: 0)
        {
            Change = new GrainChange
            {
                State = Encoding.UTF8.GetBytes(state),
                ExistedBefore = false,
                ExistsNow = true,
                CountLimit = long.MaxValue,
                Listing = new KeyListing(
                    model.CreatedAt, model.KeyState, model.Spec, model.Usage, model.ProtectionLevel),
                OwnerKeyId = null,
                Reminders = new Dictionary<Reminder, DateTimeOffset?>(),
                RootKeyVersion = 1,
            },
        };
    }

    /// <summary>Every key is there, and under the second version; the first is gone.</summary>
    private void Check()
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_data, "kms.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        Assert.Equal("2", Ask("SELECT group_concat(version) FROM root_keys"));
        Assert.Equal($"{Keys}", Ask("SELECT count(*) FROM grains WHERE kind = 3 AND root_key_version = 2"));
        Assert.Equal("0", Ask("SELECT count(*) FROM grains WHERE root_key_version <> 2"));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT state FROM grains WHERE kind = 3";
        using var rows = command.ExecuteReader();
        HashSet<string> materials = [];
        while (rows.Read())
        {
            var version = JsonDocument.Parse(rows.GetFieldValue<byte[]>(0)).RootElement.GetProperty("Versions")[0];
            var blob = version.GetProperty("WrappedMaterial").GetBytesFromBase64();
            Assert.Equal(2, WrappedBlob.RootKeyVersion(blob));
            Assert.True(materials.Add(Convert.ToBase64String(blob)));
        }

        string Ask(string query)
        {
            using var asked = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here.
            asked.CommandText = query;
#pragma warning restore CA2100
            return $"{asked.ExecuteScalar()}";
        }
    }
}
