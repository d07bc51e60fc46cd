using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Storage.Tests;

/// <summary>
/// What <see cref="IGrainStore"/> and <see cref="IListings"/> mean, for every implementation: each derives
/// a class. Every test has a database of its own.
/// </summary>
public abstract partial class GrainStoreTests<TStore> : IAsyncLifetime
    where TStore : class, IGrainStore, IListings, IAsyncDisposable
{
    private readonly List<TStore> _opened = [];

    /// <summary>A store on this test's database, opened before the test.</summary>
    protected TStore Store { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Store = await OpenAnotherAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
    }

    /// <summary>Opens a store on this test's database.</summary>
    protected abstract Task<TStore> OpenAsync();

    /// <summary>The audit log, oldest first.</summary>
    protected abstract Task<IReadOnlyList<AuditRow>> ReadAuditAsync();

    private async Task<TStore> OpenAnotherAsync()
    {
        var store = await OpenAsync();
        _opened.Add(store);
        return store;
    }

    private ValueTask<CommitResult> CommitAsync(params GrainWrite[] writes) =>
        Store.CommitAsync(Make.Commit(writes), CancellationToken.None);

    /// <summary>Commits what has to succeed; its ETag.</summary>
    private async Task<long> MustCommitAsync(params GrainWrite[] writes)
    {
        var result = await CommitAsync(writes);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result.ETag;
    }

    private async Task<string?> StateAsync(GrainId id) =>
        await Store.LoadAsync(id, CancellationToken.None) is { } grain
            ? Encoding.UTF8.GetString(grain.State)
            : null;

    private async Task<long> ETagAsync(GrainId id) =>
        (await Store.LoadAsync(id, CancellationToken.None))?.ETag ?? 0;

    private async Task<IReadOnlyList<DueReminder>> DueAsync(DateTimeOffset now, int most = 1000) =>
        await Store.DueRemindersAsync(now, most, CancellationToken.None);

    private async Task<Page<string>> KeysAsync(
        long offset = 0, int limit = 1000, string account = Make.Account, KeyFilter? filter = null) =>
        await Store.KeysAsync(account, filter ?? KeyFilter.None, offset, limit, CancellationToken.None);

    private async Task<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        int limit = 1000, string account = Make.Account, ProjectSet? projects = null) =>
        await Store.TagsAsync(account, projects ?? ProjectSet.All, limit, CancellationToken.None);

    private async Task<Page<AliasRow>> AliasesAsync(
        long offset = 0, int limit = 1000, string account = Make.Account) =>
        await Store.AliasesAsync(account, offset, limit, CancellationToken.None);

    private async Task<Page<AliasRow>> AliasesOfKeyAsync(
        string keyId, long offset = 0, int limit = 1000, string account = Make.Account) =>
        await Store.AliasesOfKeyAsync(account, keyId, offset, limit, CancellationToken.None);
}

/// <summary>A row of the audit log as stored.</summary>
public sealed record AuditRow(
    long Seq, DateTimeOffset At, GrainId Subject, string Actor, string RequestId, string Events);
