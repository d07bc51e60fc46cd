using System.Security.Cryptography;
using System.Text.Json;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;

namespace KmsActors.Server;

/// <summary>
/// Copies of the SQLite database, out and in, one at a time. A copy that comes in is opened as at a start before it is
/// decided that it will be the database; then the server stops serving and starts anew, so that nothing that it has in
/// memory is of the database before.
/// </summary>
/// <param name="data">Where the database is.</param>
/// <param name="store">The open database; null when it is PostgreSQL's to copy.</param>
/// <param name="tryStart">Opens another database with this server's keys and settings, and closes it again.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of each copy.</param>
internal sealed partial class DatabaseCopies(
    DataDirectory data,
    SqliteGrainStore? store,
    Func<string, CancellationToken, Task> tryStart,
    TimeProvider time,
    ILogger<DatabaseCopies> log)
{
    private int _busy;

    /// <summary>Whether the server is to start anew, on another database.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Has the server stop, as a signal would.</summary>
    public Action StopServing { get; set; } = () => { };

    /// <summary>Whether the database is one that can be copied here.</summary>
    public bool IsPossible => store is not null;

    /// <summary>What the database says of the restore that it comes from, or null.</summary>
    public async Task<RestoreBody?> LastRestoreAsync(CancellationToken cancellation) =>
        store is not null && await store.GetMetaAsync(RestoreBody.MetaName, cancellation) is { } json
            ? JsonSerializer.Deserialize(json, RestoreJson.Default.RestoreBody)
            : null;

    /// <summary>Begins; null if a copy is under way, or the server about to start anew. To be disposed of.</summary>
    public IDisposable? TryBegin() =>
        Interlocked.CompareExchange(ref _busy, 1, 0) == 0 ? new Turn(this) : null;

    /// <summary>
    /// The database as it is at one moment, as a file that is gone when it is closed, and its SHA-256.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read, or the copy not be written.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public async Task<(FileStream File, byte[] Hash)> BackUpAsync(string requestId, CancellationToken cancellation)
    {
        FileStream? file = null;
        try
        {
            Create(data.Copy).Dispose();
            await store!.BackUpAsync(data.Copy, cancellation);
            file = File.OpenRead(data.Copy);
            // It has no name any more, and goes with its last reader, whatever happens.
            RestoredDatabase.Discard(data.Copy);
            var hash = await SHA256.HashDataAsync(file, cancellation);
            file.Position = 0;
            BackedUp(log, requestId, file.Length, Convert.ToHexStringLower(hash));
            return (file, hash);
        }
        catch
        {
            if (file is not null) await file.DisposeAsync();
            RestoredDatabase.Discard(data.Copy);
            throw;
        }
    }

    /// <summary>Takes a copy in. If it throws, nothing has changed.</summary>
    /// <param name="content">The copy.</param>
    /// <param name="hash">Its SHA-256, if the sender knows it.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="cancellation">Gives up, before it is decided.</param>
    /// <exception cref="CopyException">It cannot be the database.</exception>
    /// <exception cref="StartException">With it the server would not start.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public async Task<RestoreBody> RestoreAsync(
        Stream content, byte[]? hash, string requestId, CancellationToken cancellation)
    {
        try
        {
            var received = await ReceiveAsync(content, cancellation);
            if (hash is not null && !hash.AsSpan().SequenceEqual(received)) throw new CopyException(CopyFault.Hash);
            await Task.Run(() => Prepare(data.Upload), cancellation);
            await TryStartAsync(cancellation);
            var restore = new RestoreBody(requestId, time.GetUtcNow(), Convert.ToHexStringLower(received));
            SqliteCopy.SetMeta(
                data.Upload,
                RestoreBody.MetaName,
                JsonSerializer.SerializeToUtf8Bytes(restore, RestoreJson.Default.RestoreBody));
            // Closed by one that has written, it has no WAL that would have to come with it.
            if (File.Exists(data.Upload + "-wal")) throw new IOException("The copy cannot be closed.");
            await using (var file = new FileStream(data.Upload, FileMode.Open)) file.Flush(flushToDisk: true);
            RestoredDatabase.Decide(data, data.Upload);
            IsRestored = true;
            Restored(log, requestId, restore.Sha256);
            return restore;
        }
        finally
        {
            RestoredDatabase.Discard(data.Upload);
        }
    }

    private async Task TryStartAsync(CancellationToken cancellation)
    {
        try
        {
            await tryStart(data.Upload, cancellation);
        }
        catch (Exception fault) when (fault is not (StartException or OperationCanceledException))
        {
            // Whole as a database, but with something in it that no server of ours writes.
            throw new StartException("The server does not start on the copy; its log says why.", fault);
        }
    }

    private async Task<byte[]> ReceiveAsync(Stream content, CancellationToken cancellation)
    {
        await using var file = Create(data.Upload);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        while (await content.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return hash.GetHashAndReset();
    }

    private static void Prepare(string path)
    {
        try
        {
            SqliteCopy.Prepare(path);
        }
        catch (InvalidDataException useless)
        {
            throw new CopyException(CopyFault.Content, useless.Message, useless);
        }
        catch (NotSupportedException newer)
        {
            throw new CopyException(CopyFault.Newer, newer.Message, newer);
        }
    }

    private static FileStream Create(string path)
    {
        RestoredDatabase.Discard(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = DataDirectory.PrivateFile,
        });
    }

    private sealed class Turn(DatabaseCopies copies) : IDisposable
    {
        // Once it is decided there is no other turn: whatever came of it would be of the database before.
        public void Dispose()
        {
            if (!copies.IsRestored) Volatile.Write(ref copies._busy, 0);
        }
    }

    [LoggerMessage(310, LogLevel.Information, "Backup {RequestId}: {Bytes} bytes, SHA-256 {Hash}")]
    private static partial void BackedUp(ILogger log, string requestId, long bytes, string hash);

    [LoggerMessage(311, LogLevel.Warning, "Restore {RequestId}: starting anew on the copy with SHA-256 {Hash}")]
    private static partial void Restored(ILogger log, string requestId, string hash);
}
