using System.Data.Common;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <content>What jobs need.</content>
public sealed partial class PostgresGrainStore
{
    /// <summary>
    /// Connections for who has tables of his own in the schema, which migrations made for him; at most
    /// <paramref name="most"/>. Whoever opens them closes them.
    /// </summary>
    public DbDataSource OpenConnections(int most) => NpgsqlDataSource.Create(Server.Settings(_options, most));

    /// <summary>
    /// Removes up to <paramref name="most"/> changes of grains that no node can need any more; whether there may be
    /// others. Nobody else does: a node that asks for what is gone takes it that everything has changed.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<bool> PruneChangesAsync(int most, CancellationToken cancellation) =>
        Feed.PruneAsync(_options.ChangesKept, most, cancellation);

    /// <summary>
    /// Removes up to <paramref name="most"/> nonces whose time is over; how many. Nobody else does.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<long> PruneNoncesAsync(int most, CancellationToken cancellation) =>
        NonceLedger.PruneAsync(_server, most, cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> OpenRunAsync(
        string job, string id, DateTimeOffset now, CancellationToken cancellation) =>
        JobLedger.OpenAsync(_server, job, id, now, cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> BeginRunAsync(
        string job, string? id, string node, DateTimeOffset now, CancellationToken cancellation) =>
        JobLedger.BeginAsync(_server, job, id, node, now, cancellation);

    /// <inheritdoc/>
    public ValueTask<JobSignal> NoteRunAsync(
        JobRun run, JobNote note, DateTimeOffset now, CancellationToken cancellation) =>
        JobLedger.NoteAsync(_server, run, note, now, cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> StopRunAsync(string job, DateTimeOffset now, CancellationToken cancellation) =>
        JobLedger.StopAsync(_server, job, now, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JobRun>> LastRunsAsync(
        string job, int most, CancellationToken cancellation) =>
        await JobLedger.LastAsync(_server, job, most, cancellation);

    /// <inheritdoc/>
    public ValueTask<JobRun?> FindRunAsync(string job, string id, CancellationToken cancellation) =>
        JobLedger.FindAsync(_server, job, id, cancellation);

    /// <inheritdoc/>
    public ValueTask<long> PruneRunsAsync(int kept, CancellationToken cancellation) =>
        JobLedger.PruneAsync(_server, kept, cancellation);
}
