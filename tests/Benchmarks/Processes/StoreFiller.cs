using System.Collections.Concurrent;
using KmsActors.Benchmarks.Load;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;
using KmsActors.Storage.Sqlite;

namespace KmsActors.Benchmarks.Processes;

/// <summary>A key that can be used, and who may use it.</summary>
internal sealed record UsableKey(Credentials Credentials, string KeyId);

/// <summary>
/// Fills a data directory before a server is started on it: with the server's own parts, without HTTP
/// between them. It must be disposed of before the server starts.
/// </summary>
internal sealed class StoreFiller : IAsyncDisposable
{
    private const int KeysACommit = 100;

    // For figures as they are with everything on disk it matters how much there is, not how it got there.
    private const int CommitsABatch = 1024;

    private static readonly TurnContext s_turn = new("benchmarks", "");

    private readonly IGrainStore _store;
    private readonly IAsyncDisposable _database;
    private readonly SoftwareHsa _hsa;
    private readonly Kms _kms;

    private StoreFiller(
        IGrainStore store, IListings listings, IAsyncDisposable database, SoftwareHsa hsa, int mostActivations, TimeProvider time)
    {
        _store = store;
        _database = database;
        _hsa = hsa;
        var host = new GrainHost(store, time, new GrainHostOptions { MostActivations = mostActivations });
        var limits = new KmsLimits { KeysPerAccount = long.MaxValue };
        _kms = new Kms(host, listings, hsa, time, limits);
    }

    /// <summary>What it fills the store with.</summary>
    public Kms Kms => _kms;

    public static async Task<StoreFiller> OpenAsync(
        string data, int mostActivations = 1000, TimeProvider? time = null)
    {
        Directory.CreateDirectory(data);
        using var rootKey = RootKeyFile.LoadOrCreate(Path.Combine(data, "root.key"));
        var options = new SqliteStoreOptions
        {
            Path = Path.Combine(data, "kms.db"),
            BatchSize = CommitsABatch,
        };
        var store = await SqliteGrainStore.OpenAsync(options, default);
        await store.AddRootKeyAsync(1, SealAsFirst(rootKey), default);
        var hsa = new SoftwareHsa(rootKey.Span, rsaPairs: 1);
        return new StoreFiller(store, store, store, hsa, mostActivations, time ?? TimeProvider.System);
    }

    /// <summary>Fills a cluster's database, before it has nodes.</summary>
    public static async Task<StoreFiller> OpenAsync(NodeCluster cluster)
    {
        using var rootKey = RootKeyFile.Load(cluster.RootKey);
        var store = await KeyCopier.OpenAsync(cluster.ConnectionString);
        await store.Database.AddRootKeyAsync(1, SealAsFirst(rootKey), default);
        var hsa = new SoftwareHsa(rootKey.Span, rsaPairs: 1);
        return new StoreFiller(store, store.Database, store, hsa, mostActivations: 1000, TimeProvider.System);
    }

    /// <summary>Makes an account with one access key.</summary>
    public async Task<Credentials> CreateAccountAsync(string account, string? accessKeyId = null)
    {
        var credentials = accessKeyId is null && account == ServerProcess.RootAccount
            ? ServerProcess.Root
            : new Credentials(accessKeyId ?? "LTAI" + account, "secret-" + account);
        await DoAsync(account, new CreateAccount());
        await DoAsync(account, new CreateAccessKey(credentials.AccessKeyId, credentials.Secret));
        return credentials;
    }

    /// <summary>Carries out an operation that must not be refused.</summary>
    public async Task<T> DoAsync<T>(string account, IOperation<T> operation)
    {
        var outcome = await operation.RunAsync(new OperationContext(_kms, account, s_turn, default));
        return outcome.Refused(out var refusal)
            ? throw new InvalidOperationException($"{refusal}")
            : outcome.Value;
    }

    /// <summary>Makes keys that can be used.</summary>
    public async Task<string[]> CreateKeysAsync(string account, int count)
    {
        var made = new ConcurrentBag<string>();
        await Parallel.ForAsync(
            0, count, Crowd(CommitsABatch), async (_, _) => made.Add((await CreateKeyAsync(account)).KeyId));
        return [.. made];
    }

    /// <summary>
    /// Makes <paramref name="count"/> keys, every second hundred in the first account, the others spread over
    /// all. As many as are to be usable are real, at even distances; the rest are rows of the same shape.
    /// </summary>
    public async Task<UsableKey[]> FillAsync(
        IReadOnlyList<(string Account, Credentials Credentials)> accounts, int count, int usable)
    {
        var real = new ConcurrentBag<UsableKey>();
        var first = await CreateKeyAsync(accounts[0].Account);
        var template = await _store.LoadAsync(GrainId.OfCmk(accounts[0].Account, first.KeyId), default);
        var begins = DateTimeOffset.UtcNow - TimeSpan.FromDays(1);
        var commits = (count + KeysACommit - 1) / KeysACommit;
        await Parallel.ForAsync(0, commits, Crowd(64), async (i, _) =>
        {
            var (account, credentials) = accounts[i % 2 == 0 ? 0 : i / 2 % accounts.Count];
            var here = Math.Min(KeysACommit, count - (i * KeysACommit));
            var realHere = (int)(((long)(i + 1) * usable / commits) - ((long)i * usable / commits));
            for (var j = 0; j < realHere; j++)
                real.Add(new UsableKey(credentials, (await CreateKeyAsync(account)).KeyId));
            if (here == realHere) return;
            var writes = Enumerable.Range(0, here - realHere).Select(j => HollowKey(
                account, template!.State, begins.AddMilliseconds((i * KeysACommit) + j)));
            await _store.CommitAsync(new GrainCommit([.. writes], Audit(account)), default);
        });
        return [.. real.OrderBy(_ => Random.Shared.Next())];
    }

    public async ValueTask DisposeAsync()
    {
        _kms.Host.Dispose();
        await _database.DisposeAsync();
        _hsa.Dispose();
    }

    // So that what wraps here needs no opening: the root key is the key that seals it.
    private static byte[] SealAsFirst(SecretBytes rootKey)
    {
        var copy = SecretBytes.OfLength(rootKey.Span.Length);
        rootKey.Span.CopyTo(copy.Writable);
        using var custody = new KeyFileCustody(copy);
        return custody.SealAsFirst();
    }

    private static ParallelOptions Crowd(int most) => new() { MaxDegreeOfParallelism = most };

    private static AuditRecord Audit(string account) => new(
        DateTimeOffset.UtcNow, GrainId.OfAccount(account), s_turn.Actor, "", [AuditEvent.KeyCreated]);

    private Task<CmkDescription> CreateKeyAsync(string account) =>
        DoAsync(account, new CreateKey());

    private GrainWrite HollowKey(string account, byte[] state, DateTimeOffset createdAt) =>
        new(GrainId.OfCmk(account, _kms.NewId()), ExpectedETag: 0)
        {
            Change = new GrainChange
            {
                State = state,
                ExistedBefore = false,
                ExistsNow = true,
                CountLimit = long.MaxValue,
                Listing = new KeyListing(
                    createdAt,
                    KeyState.Enabled,
                    KeySpec.Aes256,
                    KeyUsage.EncryptDecrypt,
                    ProtectionLevel.Software),
                OwnerKeyId = null,
                Reminders = new Dictionary<Reminder, DateTimeOffset?>(),
                RootKeyVersion = 1,
            },
        };
}
