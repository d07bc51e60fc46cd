using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Tests.Postgres;
using KmsActors.Storage.Tests.Sqlite;

namespace KmsActors.Storage.Tests;

/// <summary>What <see cref="IRootKeyTable"/> means, with what a commit has to do with it.</summary>
public abstract class RootKeyTableTests<TStore> : IAsyncLifetime
    where TStore : class, IGrainStore, IRootKeyTable, IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected TStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public async Task DisposeAsync() => await Store.DisposeAsync();

    protected abstract Task<TStore> OpenAsync();

    protected abstract Task RunAsync(string sql);

    [Fact]
    public async Task RootKeysAsync_NoneYet_IsEmpty() => Assert.Empty(await Store.RootKeysAsync(None));

    [Fact]
    public async Task AddRootKeyAsync_NewAndTaken_FirstOfEachStays()
    {
        Assert.True(await Store.AddRootKeyAsync(1, [1], None));
        Assert.True(await Store.AddRootKeyAsync(2, [2, 2], None));
        Assert.False(await Store.AddRootKeyAsync(1, [3], None));
        var keys = await Store.RootKeysAsync(None);
        Assert.Equal([1, 2], keys.Select(key => key.Version));
        Assert.Equal([[1], [2, 2]], keys.Select(key => key.Sealed));
        Assert.All(keys, key => Assert.InRange(key.Age, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.All(keys, key => Assert.InRange(DateTimeOffset.UtcNow - key.MadeAt, -Minute, Minute));
    }

    [Fact]
    public async Task AddRootKeyAsync_ManyAtOnce_OneIsFirst()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(async () => await Store.AddRootKeyAsync(1, [(byte)i], None))));
        Assert.Single(added, true);
        var key = Assert.Single(await Store.RootKeysAsync(None));
        Assert.Equal(Array.IndexOf(added, true), key.Sealed[0]);
    }

    [Fact]
    public async Task ResealRootKeysAsync_AllAsTheyAre_AreReplaced()
    {
        await AddAsync(1, 2);
        Assert.True(await Store.ResealRootKeysAsync([new(1, [1], [11]), new(2, [2], [12])], None));
        Assert.Equal([[11], [12]], (await Store.RootKeysAsync(None)).Select(key => key.Sealed));
    }

    [Fact]
    public async Task ResealRootKeysAsync_OneIsOtherwiseOrMissingOrMore_NothingIsDone()
    {
        await AddAsync(1, 2);
        Assert.False(await Store.ResealRootKeysAsync([new(1, [1], [11]), new(2, [9], [12])], None));
        Assert.False(await Store.ResealRootKeysAsync([new(1, [1], [11])], None));
        Assert.False(await Store.ResealRootKeysAsync([new(1, [1], [11]), new(3, [3], [13])], None));
        Assert.False(await Store.ResealRootKeysAsync([new(1, [1], [11]), new(2, [2], [12]), new(3, [3], [13])], None));
        Assert.Equal([[1], [2]], (await Store.RootKeysAsync(None)).Select(key => key.Sealed));
    }

    [Fact]
    public async Task CommitAsync_StatesThatNeedVersions_AreCountedAndFound()
    {
        await AddAsync(1, 2);
        var first = await CommitAsync(Make.Key("a"), 0, rootKey: 1);
        await CommitAsync(Make.Key("b"), 0, rootKey: 2);
        await CommitAsync(Make.Key("c"), 0, rootKey: null);
        Assert.Equal(new Dictionary<long, long> { [1] = 1, [2] = 1 }, await Store.CountByRootKeyAsync(None));
        Assert.Equal([Make.Key("a")], await Store.NeedingRootKeysBeforeAsync(2, 10, None));
        Assert.Empty(await Store.NeedingRootKeysBeforeAsync(1, 10, None));
        Assert.Single(await Store.NeedingRootKeysBeforeAsync(3, 1, None));

        await CommitAsync(Make.Key("a"), first.ETag, rootKey: 2);
        Assert.Equal(new Dictionary<long, long> { [2] = 2 }, await Store.CountByRootKeyAsync(None));
        Assert.Empty(await Store.NeedingRootKeysBeforeAsync(2, 10, None));
    }

    [Fact]
    public async Task RemoveRootKeysBeforeAsync_WhileOneIsNeeded_DoesNothing()
    {
        await AddAsync(1, 2, 3);
        var needing = await CommitAsync(Make.Key("a"), 0, rootKey: 2);
        Assert.False(await Store.RemoveRootKeysBeforeAsync(3, None));
        Assert.Equal(3, (await Store.RootKeysAsync(None)).Count);
        Assert.True(await Store.RemoveRootKeysBeforeAsync(2, None));
        Assert.Equal([2, 3], (await Store.RootKeysAsync(None)).Select(key => key.Version));
        await CommitAsync(Make.Key("a"), needing.ETag, rootKey: 3);
        Assert.True(await Store.RemoveRootKeysBeforeAsync(3, None));
        Assert.True(await Store.RemoveRootKeysBeforeAsync(3, None));
        Assert.Equal([3], (await Store.RootKeysAsync(None)).Select(key => key.Version));
    }

    [Fact]
    public async Task RemoveRootKeysBeforeAsync_OneThatThereIsNot_DoesNothing()
    {
        await AddAsync(1);
        Assert.False(await Store.RemoveRootKeysBeforeAsync(2, None));
        Assert.Equal([1], (await Store.RootKeysAsync(None)).Select(key => key.Version));
    }

    [Fact]
    public async Task CommitAsync_StateThatNeedsARemovedVersion_IsConflictAndChangesNothing()
    {
        await AddAsync(1, 2);
        var stored = await CommitAsync(Make.Key("a"), 0, rootKey: 2);
        Assert.True(await Store.RemoveRootKeysBeforeAsync(2, None));
        Assert.Equal(CommitStatus.Conflict, (await TryAsync(Make.Key("a"), stored.ETag, 1)).Status);
        Assert.Equal(CommitStatus.Conflict, (await TryAsync(Make.Key("b"), 0, 1)).Status);
        Assert.Equal(stored.ETag, (await Store.LoadAsync(Make.Key("a"), None))!.ETag);
        Assert.Null(await Store.LoadAsync(Make.Key("b"), None));
        Assert.Equal(CommitStatus.Committed, (await TryAsync(Make.Key("b"), 0, 2)).Status);
        Assert.Equal(CommitStatus.Committed, (await TryAsync(Make.Key("c"), 0, null)).Status);
    }

    [Fact]
    public async Task RemoveRootKeysBeforeAsync_BesideCommitsThatNeedThem_NeverLeavesOneWithout()
    {
        for (var round = 1; round <= 20; round++)
        {
            await RunAsync("DELETE FROM root_keys; DELETE FROM grains");
            await AddAsync(1, 2);
            var commits = Enumerable.Range(0, 8).Select(i => Task.Run(() => TryAsync(Make.Key($"{round}-{i}"), 0, 1)));
            var removed = Task.Run(async () => await Store.RemoveRootKeysBeforeAsync(2, None));
            var committed = (await Task.WhenAll(commits)).Count(result => result.Status == CommitStatus.Committed);
            var needed = (await Store.CountByRootKeyAsync(None)).GetValueOrDefault(1);
            Assert.Equal(committed, needed);
            Assert.True(await removed ? needed == 0 : needed > 0, $"{needed} need what is gone");
        }
    }

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private async Task AddAsync(params long[] versions)
    {
        foreach (var version in versions) Assert.True(await Store.AddRootKeyAsync(version, [(byte)version], None));
    }

    private async Task<CommitResult> CommitAsync(GrainId id, long etag, long? rootKey)
    {
        var result = await TryAsync(id, etag, rootKey);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result;
    }

    private async Task<CommitResult> TryAsync(GrainId id, long etag, long? rootKey) =>
        await Store.CommitAsync(Make.Commit(Make.Write(id, etag, rootKey: rootKey)), None);
}

/// <summary>On SQLite.</summary>
public sealed class SqliteRootKeyTableTests : RootKeyTableTests<Storage.Sqlite.SqliteGrainStore>, IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    protected override Task<Storage.Sqlite.SqliteGrainStore> OpenAsync() => _file.OpenAsync();

    protected override Task RunAsync(string sql)
    {
        _file.Run(sql);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Open_DatabaseOfBeforeVersions_HasAllRowsUnderTheFirst()
    {
        using var file = new SqliteFile();
        file.MakeVersion(3);
        file.Run("INSERT INTO grains VALUES (3, 'account', 'key', 1, 1, NULL, x'7b7d')");
        await using var store = await file.OpenAsync();
        Assert.Equal(new Dictionary<long, long> { [1] = 1 }, await store.CountByRootKeyAsync(CancellationToken.None));
    }
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgresRootKeyTableTests : RootKeyTableTests<Storage.Postgres.PostgresGrainStore>
{
    private readonly PostgresSchema _schema = new();

    protected override Task<Storage.Postgres.PostgresGrainStore> OpenAsync() => _schema.OpenAsync();

    protected override Task RunAsync(string sql) => _schema.RunAsync(sql);
}
