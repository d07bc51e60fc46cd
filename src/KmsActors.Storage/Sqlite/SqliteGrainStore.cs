using System.Threading.Channels;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>
/// Grains and listings in one SQLite file. One thread writes; reads run where they are called, as they
/// take microseconds, but for far pages and filtered listings of large accounts: up to 55 ms at 100 000
/// keys, and up to 0.5 s when as many have the tags that are asked for, or have tags and are not of the
/// projects whose tags are. Another process may have the same file open.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed partial class SqliteGrainStore : IGrainStore, IListings, IJobLedger, IStoreScan,
    IAsyncDisposable
{
    private const string Closed = "The store is closed.";

    private readonly Database _database;
    private readonly CommitWriter _writer;

    /// <summary>Idle connections; completed when the store is closed.</summary>
    private readonly Channel<ReadConnection> _readers;

    private SqliteGrainStore(SqliteStoreOptions options)
    {
        _database = new Database(options);
        _database.CreateFile();
        using (var connection = _database.OpenWriter()) Migrations.Apply(connection, options.Guard);
        _readers = Channel.CreateBounded<ReadConnection>(options.IdleReaders);
        _writer = new CommitWriter(_database, options);
    }

    /// <summary>Opens the database, making or migrating it as needed.</summary>
    /// <exception cref="NotSupportedException">A newer program has migrated the database.</exception>
    public static Task<SqliteGrainStore> OpenAsync(
        SqliteStoreOptions options, CancellationToken cancellation) =>
        Task.Run(() => new SqliteGrainStore(options), cancellation);

    /// <inheritdoc/>
    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) =>
        Read(static (reader, id) => reader.Load(id), id, cancellation);

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
    {
        CommitShape.Check(commit);
        return _writer.CommitAsync(commit, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return Read(static (reader, due) => reader.Due(due.now, due.most), (now, most), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        FilterShape.Check(filter);
        return Read(
            static (reader, page) => reader.Keys(page.account, page.filter, page.offset, page.limit),
            (account, filter, offset, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        string account, ProjectSet projects, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Read(
            static (reader, page) => reader.Tags(page.account, page.projects, page.limit),
            (account, projects, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesAsync(
        string account, long offset, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Read(
            static (reader, page) => reader.Aliases(page.account, page.offset, page.limit),
            (account, offset, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Read(
            static (reader, page) => reader.AliasesOfKey(page.account, page.keyId, page.offset, page.limit),
            (account, keyId, offset, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> NamesAsync(
        GrainKind kind, string account, Rows which, string after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Read(
            static (reader, page) => reader.Names(page.kind, page.account, page.which, page.after, page.limit),
            (kind, account, which, after, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(
        string account, CancellationToken cancellation) =>
        Read(static (reader, account) => reader.Counts(account), account, cancellation);

    /// <summary>What was set under a name for the database as a whole, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<byte[]?> GetMetaAsync(string name, CancellationToken cancellation) =>
        Read(static (reader, name) => reader.Meta(name), name, cancellation);

    /// <summary>
    /// Sets a value for the database as a whole unless the name has one, which then stays. Returns the value
    /// it has now: of any number of callers, all see that of the first.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public async ValueTask<byte[]> SetMetaIfAbsentAsync(
        string name, byte[] value, CancellationToken cancellation)
    {
        await WriteAsync(connection =>
        {
            using var insert = new Statement(
                connection, "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            return insert.Run(name, value);
        });
        return (await GetMetaAsync(name, cancellation))!;
    }

    /// <summary>
    /// Copies the database as it is at one moment into an empty file. Commits go on meanwhile; only the WAL grows
    /// until the copy is whole. It needs as much room as the database has.
    /// </summary>
    /// <param name="path">A file that is there, empty, and which only its owner may read.</param>
    /// <param name="cancellation">Gives up before it begins.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be read, or the copy not be written.</exception>
    public Task BackUpAsync(string path, CancellationToken cancellation)
    {
        if (IsClosed) throw new StoreUnavailableException(Closed);
        return Task.Run(() => _database.CopyTo(path), cancellation);
    }

    /// <summary>Commits what is queued, then closes: to later calls the store is unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        _readers.Writer.TryComplete();
        while (_readers.Reader.TryRead(out var reader)) reader.Dispose();
        await _writer.DisposeAsync();
    }

    private bool IsClosed => _readers.Reader.Completion.IsCompleted;

    /// <summary>What is rare is written on a connection of its own, rather than through the queue.</summary>
    private ValueTask<T> WriteAsync<T>(Func<SqliteConnection, T> write)
    {
        if (IsClosed) return ValueTask.FromException<T>(new StoreUnavailableException(Closed));
        try
        {
            using var connection = _database.OpenWriter();
            return new ValueTask<T>(write(connection));
        }
        catch (SqliteException e)
        {
            return ValueTask.FromException<T>(new StoreUnavailableException("The database cannot be written.", e));
        }
    }

    private ValueTask<T> Read<T, TArguments>(
        Func<ReadConnection, TArguments, T> query, TArguments arguments, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        ReadConnection? reader = null;
        try
        {
            if (!_readers.Reader.TryRead(out reader))
            {
                if (IsClosed) return ValueTask.FromException<T>(new StoreUnavailableException(Closed));

                reader = new ReadConnection(_database);
            }

            var result = query(reader, arguments);
            if (_readers.Writer.TryWrite(reader)) reader = null;
            return ValueTask.FromResult(result);
        }
        catch (SqliteException e)
        {
            return ValueTask.FromException<T>(
                new StoreUnavailableException("The database cannot be read.", e));
        }
        finally
        {
            // After an error, when there are enough idle ones, or when the store was closed meanwhile.
            reader?.Dispose();
        }
    }
}
