using KmsActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Grains.Hosting.Tests;

/// <summary>Hosts on a real SQLite file that goes away with the test; any number of them, like nodes.</summary>
public sealed class HostFixture : IAsyncDisposable
{
    public const string Account = "1000000000000001";
    public static readonly TurnContext Turn = new("test", "request");

    private readonly string _directory = Directory.CreateTempSubdirectory("kms-hosting-").FullName;
    private readonly List<SqliteGrainStore> _stores = [];
    private int _lastKey;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public async Task<SqliteGrainStore> OpenStoreAsync()
    {
        var options = new SqliteStoreOptions { Path = Path.Combine(_directory, "kms.db") };
        var store = await SqliteGrainStore.OpenAsync(options, CancellationToken.None);
        _stores.Add(store);
        return store;
    }

    public GrainHost Host(IGrainStore store, GrainHostOptions? options = null) =>
        new(store, Time, options ?? new GrainHostOptions());

    public ReminderPump Pump(
        GrainHost host, IGrainStore store, params (Reminder Reminder, ReminderOperation Operation)[] operations) =>
        new(
            host,
            store,
            Time,
            new GrainHostOptions(),
            operations.ToDictionary(each => each.Reminder, each => each.Operation),
            NullLogger<ReminderPump>.Instance);

    public async Task<GrainId> CreateKeyAsync(GrainHost host, bool external = false, TimeSpan? rotation = null)
    {
        var id = GrainId.OfCmk(Account, $"00000000-0000-4000-8000-{++_lastKey:d12}");
        var created = await host.InTurn<CmkGrain, CmkState>(id, Turn, cmk => cmk.Create(new NewCmk
        {
            Spec = KeySpec.Aes256,
            Usage = KeyUsage.EncryptDecrypt,
            RotationInterval = rotation,
            VersionId = "11111111-0000-4000-8000-000000000000",
            WrappedMaterial = external ? null : [1, 2, 3],
            ProtectionLevel = ProtectionLevel.Software,
            Description = "",
            MostKeys = 1_000_000,
            MostTags = 10,
        }), CancellationToken.None);
        Assert.Null(created.Refusal);
        return id;
    }

    public static ValueTask<Outcome<Done>> CmkTurn(
        GrainHost host, GrainId id, Func<CmkGrain, Outcome<Done>> turn) =>
        host.InTurn(id, Turn, turn, CancellationToken.None);

    public static ValueTask<Outcome<Done>> CreateAliasAsync(GrainHost host, string alias, GrainId key) =>
        host.InTurn<AliasGrain, CmkGrain, Done>(
            GrainId.OfAlias(Account, alias), key, Turn, (grain, cmk) => grain.Create(cmk, 1000), CancellationToken.None);

    public static async Task<T?> StateAsync<T>(GrainHost host, GrainId id)
        where T : class =>
        (await host.ReadAsync(id, CancellationToken.None)).State<T>();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
