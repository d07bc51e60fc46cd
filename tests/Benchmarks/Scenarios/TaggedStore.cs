using System.Diagnostics;
using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// A store of one account whose keys, all of one project, have tags: two that all have, and by which they are
/// told apart little; and of a thousand keys, far from each other, one that ten have and one that a hundred have.
/// </summary>
/// <param name="Store">The store, which nothing else uses.</param>
/// <param name="Keys">How many.</param>
internal sealed record TaggedStore(SqliteGrainStore Store, int Keys) : IAsyncDisposable
{
    public const string Account = "123456789012";
    public const string Project = "0aa1b2c3-0000-4000-8000-00000000000a";

    /// <summary>How many keys have a tag of those by which few are found.</summary>
    public const int KeysWithFewTags = 1000;

    private const int KeysACommit = 100;
    private const int CommitsABatch = 64;

    /// <summary>Makes it.</summary>
    public static async Task<TaggedStore> FillAsync(Lab lab, int keys)
    {
        var began = Stopwatch.GetTimestamp();
        var data = Directory.CreateDirectory(lab.NewDirectory()).FullName;
        var options = new SqliteStoreOptions { Path = Path.Combine(data, "kms.db"), BatchSize = CommitsABatch };
        var store = await SqliteGrainStore.OpenAsync(options, default);
        var few = new ParallelOptions { MaxDegreeOfParallelism = CommitsABatch };
        await Parallel.ForAsync(0, keys / KeysACommit, few, async (commit, _) =>
        {
            var writes = Enumerable.Range(commit * KeysACommit, KeysACommit).Select(i => Key(i, keys));
            var audit = new AuditRecord(
                DateTimeOffset.UtcNow, GrainId.OfAccount(Account), "benchmarks", "", [AuditEvent.KeyCreated]);
            await store.CommitAsync(new GrainCommit([.. writes], audit), default);
        });
        Console.WriteLine(
            $"   filled with {keys:N0} keys, in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        return new TaggedStore(store, keys);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static GrainWrite Key(int i, int keys)
    {
        var tags = new Dictionary<string, string> { ["env"] = $"{i % 3}", ["team"] = $"{i % 50}" };
        if (i % (keys / KeysWithFewTags) == 0)
        {
            var place = i / (keys / KeysWithFewTags);
            tags["ten"] = $"{place % (KeysWithFewTags / 10)}";
            tags["hundred"] = $"{place % (KeysWithFewTags / 100)}";
        }

        return new GrainWrite(GrainId.OfCmk(Account, $"{Guid.NewGuid()}"), ExpectedETag: 0)
        {
            Change = new GrainChange
            {
                // As much as a key of one version has.
                State = RandomNumberGenerator.GetBytes(1000),
                ExistedBefore = false,
                ExistsNow = true,
                CountLimit = long.MaxValue,
                Listing = new KeyListing(
                    DateTimeOffset.UnixEpoch.AddSeconds(i),
                    KeyState.Enabled,
                    KeySpec.Aes256,
                    KeyUsage.EncryptDecrypt,
                    ProtectionLevel.Software)
                {
                    EnterpriseProject = Project,
                    Alias = $"key {i}",
                    Tags = tags,
                },
                OwnerKeyId = null,
                Reminders = new Dictionary<Reminder, DateTimeOffset?>(),
            },
        };
    }
}
