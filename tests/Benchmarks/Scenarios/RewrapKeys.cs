using System.Diagnostics;
using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Postgres;
using KmsActors.Storage.Sqlite;
using KmsActors.Testing.Postgres;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// Keys that go over to another version of the root key, as fast as they can, beside their creation on the same store
/// and beside what the wrapping alone takes.
/// </summary>
internal static class RewrapKeys
{
    private const string Account = "1000000000000001";
    private const int Clients = 64;

    private static readonly TurnContext Turn = new("benchmarks", "");

    public static async Task RunAsync(Lab lab)
    {
        var keys = lab.IsQuick ? 2_000 : 50_000;
        var table = new Table("", "keys", "made/s", "rewrapped/s", "of made", "wrapping alone/s", "of that");
        var data = Directory.CreateDirectory(lab.NewDirectory()).FullName;
        await using (var store = await SqliteGrainStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(data, "kms.db") }, default))
        {
            await MeasureAsync("SQLite", store, store, store, keys, table);
        }

        using var database = new PostgresCluster();
        await using (var store = await PostgresGrainStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = database.ConnectionString, Schema = "rewrap" }, default))
        {
            await MeasureAsync("PostgreSQL", store, store, store, keys, table);
        }

        table.Print();
    }

    private static async Task MeasureAsync(
        string name, IGrainStore store, IListings listings, IRootKeyTable rootKeys, int keys, Table table)
    {
        var ring = RootKeyRing.Of(RandomNumberGenerator.GetBytes(RootKeyRing.KeySize));
        using var hsa = new SoftwareHsa(ring, rsaPairs: 1);
        using var host = new GrainHost(store, TimeProvider.System, new GrainHostOptions());
        var kms = new Kms(host, listings, hsa, TimeProvider.System, new KmsLimits { KeysPerAccount = long.MaxValue });
        await DoAsync(kms, new CreateAccount());
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0, keys, new ParallelOptions { MaxDegreeOfParallelism = Clients },
            async (_, _) => await DoAsync(kms, new CreateKey()));
        var made = keys / Stopwatch.GetElapsedTime(began).TotalSeconds;

        ring.Add(2, RandomNumberGenerator.GetBytes(RootKeyRing.KeySize));
        var binding = new KeyBinding(Account, kms.NewId(), kms.NewId(), KeyType.Aes256);
        var blob = await hsa.GenerateKeyAsync(binding, default);
        ring.Use(2);
        began = Stopwatch.GetTimestamp();
        for (var i = 0; i < keys; i++) hsa.RewrapKey(binding, blob);
        var alone = keys / Stopwatch.GetElapsedTime(began).TotalSeconds;

        HashSet<GrainId> failed = [];
        long rewrapped = 0;
        began = Stopwatch.GetTimestamp();
        while (await RewrapGrains.RunAsync(kms, rootKeys, 2, failed, default) is > 0 and var some) rewrapped += some;
        var rate = rewrapped / Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (rewrapped < keys || failed.Count > 0) throw new InvalidOperationException($"{rewrapped} of {keys}");
        table.Row(
            name, $"{keys:N0}", $"{made:N0}", $"{rate:N0}", $"{rate / made:F2}", $"{alone:N0}", $"{rate / alone:F2}");
    }

    private static async Task DoAsync<T>(Kms kms, IOperation<T> operation)
    {
        var outcome = await operation.RunAsync(new OperationContext(kms, Account, Turn, default));
        if (outcome.Refused(out var refusal)) throw new InvalidOperationException($"{refusal}");
    }
}
