using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Simulator;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>One node's view of the simulator's database, which is asked by one thread at a time.</summary>
public sealed class SimulatedStore : IGrainStore, IListings, IAsyncDisposable
{
    private readonly SimulatedDatabase _database;
    private readonly int _node;

    internal SimulatedStore(SimulatedDatabase database, int node) => (_database, _node) = (database, node);

    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) =>
        Do(() => _database.Load(id), cancellation);

    public ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation) =>
        Do(() => _database.Commit(_database.Begin(), commit, Make.Start), cancellation);

    public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation) =>
        Do(() => _database.Reminders.TakeDue(_node, now, most, Make.Start), cancellation);

    public ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation) =>
        Do(() => _database.Listings.Keys(account, filter, offset, limit), cancellation);

    public ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        string account, ProjectSet projects, int limit, CancellationToken cancellation) =>
        Do(() => _database.Listings.Tags(account, projects, limit), cancellation);

    public ValueTask<Page<AliasRow>> AliasesAsync(
        string account, long offset, int limit, CancellationToken cancellation) =>
        Do(() => _database.Listings.Aliases(account, offset, limit), cancellation);

    public ValueTask<IReadOnlyList<string>> NamesAsync(
        GrainKind kind, string account, Rows which, string after, int limit, CancellationToken cancellation) =>
        Do(() => _database.Listings.Names(kind, account, which, after, limit), cancellation);

    public ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(
        string account, CancellationToken cancellation) =>
        Do(() => _database.Listings.Counts(account), cancellation);

    public ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation) =>
        Do(() => _database.Listings.AliasesOfKey(account, keyId, offset, limit), cancellation);

    public ValueTask DisposeAsync() => default;

    private ValueTask<T> Do<T>(Func<T> ask, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_database) return new(ask());
    }
}
