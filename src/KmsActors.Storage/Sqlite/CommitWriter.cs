using System.Threading.Channels;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>
/// The one writer. It takes what has queued up while the transaction before was synced to disk and commits
/// it in one transaction, so that the cost of a sync is shared by all who wait for it and nobody is delayed
/// to make that happen.
/// </summary>
internal sealed class CommitWriter : IAsyncDisposable
{
    private readonly Database _database;
    private readonly int _batchSize;
    private readonly Channel<PendingCommit> _queue;
    private readonly Task _loop;

    /// <summary>Null when the last batch failed and nobody has written since.</summary>
    private WriteConnection? _connection;

    public CommitWriter(Database database, SqliteStoreOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize, nameof(options));
        _database = database;
        _batchSize = options.BatchSize;
        _queue = Channel.CreateBounded<PendingCommit>(
            new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        // A thread of its own: SQLite blocks it for the length of a sync.
        _loop = Task.Factory.StartNew(
            Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Completes when the commit is durable or refused. Cancellation ends the wait for a place in the queue
    /// only: what is in it will be committed.
    /// </summary>
    public async ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
    {
        var pending = new PendingCommit(commit);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellation);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreUnavailableException("The store is closed.", e);
        }

        return await pending.Task;
    }

    /// <summary>Commits what is queued, leaves an empty WAL and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private void Run()
    {
        List<PendingCommit> batch = [];
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < _batchSize && _queue.Reader.TryRead(out var pending)) batch.Add(pending);
            CommitTogether(batch);
            batch.Clear();
        }

        using (_connection) _connection?.Checkpoint();
    }

    private void CommitTogether(List<PendingCommit> batch)
    {
        try
        {
            _connection ??= new WriteConnection(_database);
            _connection.Commit(batch);
        }
        catch (Exception e)
        {
            // Whatever it was, the loop goes on, with a connection about which nothing is in doubt.
            _connection?.Dispose();
            _connection = null;
            foreach (var pending in batch)
            {
                pending.SetException(new StoreUnavailableException("The transaction failed.", e));
            }

            return;
        }

        foreach (var pending in batch) pending.Complete();
    }
}
