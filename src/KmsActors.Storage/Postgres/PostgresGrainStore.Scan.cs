using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <content>How jobs go through all there is.</content>
public sealed partial class PostgresGrainStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainRow>> GrainsAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        PageAsync(ScanQueries.Grains, static rows => ScanQueries.Grain(rows)!, ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainRow>> TombstonesAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        PageAsync(ScanQueries.Tombstones, static rows => ScanQueries.Grain(rows)!, ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<KeyRecord>> KeyRecordsAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        PageAsync(ScanQueries.Keys, ScanQueries.Key, ByName(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AliasRecord>> AliasRecordsAsync(
        GrainId after, int limit, CancellationToken cancellation) =>
        PageAsync(ScanQueries.Aliases, ScanQueries.Alias, ByName(after, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GrainId>> RemindedOfNothingAsync(
        GrainId after, int limit, CancellationToken cancellation) => PageAsync(
        ScanQueries.RemindedOfNothing, static rows => Columns.Id(rows, 0), ByKind(after, limit), cancellation);

    /// <inheritdoc/>
    public async ValueTask<CountRecord?> NextCountAsync(GrainId after, CancellationToken cancellation)
    {
        NpgsqlParameter[] arguments = [Arg.Small((int)after.Kind), Arg.Text(after.Account ?? "")];
        var found = await PageAsync(ScanQueries.NextCount, ScanQueries.Count, arguments, cancellation);
        return found is [var count] ? count : null;
    }

    private async ValueTask<IReadOnlyList<T>> PageAsync<T>(
        string query, Func<NpgsqlDataReader, T> read, NpgsqlParameter[] arguments, CancellationToken cancellation) =>
        await _server.AskAsync(
            async (rows, cancellation) =>
            {
                List<T> page = [];
                while (await rows.ReadAsync(cancellation)) page.Add(read(rows));
                return page;
            },
            cancellation,
            new Sql(query, arguments));

    // The id of nothing has no texts.
    private static NpgsqlParameter[] ByKind(GrainId after, int limit) =>
        [Arg.Small((int)after.Kind), .. ByName(after, limit)];

    private static NpgsqlParameter[] ByName(GrainId after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return [Arg.Text(after.Account ?? ""), Arg.Text(after.Name ?? ""), Arg.Number(limit)];
    }
}
