using System.Text;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>What the store does with its file.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task OpenAsync_NoFile_MakesItForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var store = await _file.OpenAsync();
        await store.CommitAsync(Commit(Write(Key("k"), 0)), default);

        foreach (var file in (string[])[_file.Path, _file.Path + "-wal", _file.Path + "-shm"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task OpenAsync_ManyAtOnce_OneMakesTheSchema()
    {
        Task<SqliteGrainStore[]> opening;
        using (var connection = _file.Connect())
        {
            SqliteFile.Run(connection, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
            opening = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _file.OpenAsync()));
            await Task.Delay(200);
        }

        var stores = await opening;
        foreach (var store in stores)
        {
            Assert.Null(await store.LoadAsync(Key("k"), default));
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenAsync_NewerSchema_Refuses()
    {
        await using (await _file.OpenAsync())
        {
        }

        _file.Run("PRAGMA user_version = 1000");

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => _file.OpenAsync());
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_Always_UsesAWal()
    {
        await using var store = await _file.OpenAsync();
        using var connection = _file.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";

        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public async Task CommitAsync_StateReplacedOrDeleted_ItsBytesAreErased()
    {
        var store = await _file.OpenAsync();
        var one = await store.CommitAsync(Commit(Write(Key("one"), 0, "first material of one")), default);
        var two = await store.CommitAsync(Commit(Write(Key("two"), 0, "first material of two")), default);
        await store.CommitAsync(Commit(Write(Key("one"), one.ETag, "replaced")), default);
        await store.CommitAsync(Commit(Write(Key("two"), two.ETag, null)), default);
        await store.DisposeAsync();

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_file.Path)!))
        {
            var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain("first material", bytes, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DisposeAsync_LastStore_LeavesNoWal()
    {
        var store = await _file.OpenAsync();
        await store.CommitAsync(Commit(Write(Key("k"), 0)), default);
        await store.LoadAsync(Key("k"), default);
        await store.DisposeAsync();

        Assert.Equal([_file.Path], Directory.GetFiles(Path.GetDirectoryName(_file.Path)!));
    }

    [Fact]
    public async Task DisposeAsync_LaterCalls_AreUnavailable()
    {
        var store = await _file.OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await UnavailableAsync(async () => await store.LoadAsync(Key("k"), default));
        await UnavailableAsync(async () => await store.KeysAsync(Account, KeyFilter.None, 0, 1, default));
        await UnavailableAsync(async () => await store.DueRemindersAsync(Start, 1, default));
        await UnavailableAsync(async () => await store.CommitAsync(Commit(Write(Key("k"), 0)), default));
        await UnavailableAsync(async () => await store.GetMetaAsync("m", default));
        await UnavailableAsync(async () => await store.SetMetaIfAbsentAsync("m", [1], default));
        await using var reopened = await _file.OpenAsync();
        Assert.Null(await reopened.GetMetaAsync("m", default));
    }

    [Fact]
    public async Task LoadAsync_TableGone_IsUnavailable()
    {
        await using var store = await _file.OpenAsync();
        _file.Run("ALTER TABLE grains RENAME TO lost");

        await UnavailableAsync(async () => await store.LoadAsync(Key("k"), default));
        await UnavailableAsync(async () => await store.CommitAsync(Commit(Write(Key("k"), 0)), default));
        _file.Run("ALTER TABLE lost RENAME TO grains");

        Assert.Null(await store.LoadAsync(Key("k"), default));
        var result = await store.CommitAsync(Commit(Write(Key("k"), 0)), default);
        Assert.Equal(CommitStatus.Committed, result.Status);
    }

    [Fact]
    public async Task SetMetaIfAbsentAsync_SeveralValues_TheFirstStays()
    {
        await using var store = await _file.OpenAsync();
        Assert.Null(await store.GetMetaAsync("root key", default));

        Assert.Equal([1, 2], await store.SetMetaIfAbsentAsync("root key", [1, 2], default));
        Assert.Equal([1, 2], await store.SetMetaIfAbsentAsync("root key", [3], default));
        Assert.Equal([3], await store.SetMetaIfAbsentAsync("other", [3], default));
        Assert.Equal([1, 2], await store.GetMetaAsync("root key", default));
    }

    private static async Task UnavailableAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<StoreUnavailableException>(call);
}
