using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>
/// The feed, on connections of its own: a beat must wait neither for commits nor for those who ask, after a commit,
/// how far it has spread, of whom there may be many.
/// </summary>
internal sealed class ChangeFeed(PostgresStoreOptions options, Guid node) : IChangeFeed, IAsyncDisposable
{
    private readonly Server _beat = new(options, mostConnections: 1);
    private readonly Server _server = new(options, mostConnections: 2);

    /// <summary>When the server that the last page is of has started; as ticks, to be read at once.</summary>
    private long _serverSince;


    public async ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation)
    {
        // Two transactions: the beat is there for others to see before it is read what there is. Else somebody could
        // commit what this page has not, see no beat and count on nobody, while this node goes on to serve by it.
        return await _beat.AskInTurnAsync(
            ReadAsync,
            cancellation,
            new Sql(FeedQueries.Beat, Arg.Uuid(node), Arg.Time(applied?.ReadAt)),
            new Sql(FeedQueries.Read, Arg.Transaction(applied?.Horizon)));
    }

    public ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation) =>
        _server.AskAsync(
            static async (rows, cancellation) =>
            {
                await rows.ReadAsync(cancellation);
                return new Spread(Time(rows, 0), (int)rows.GetInt64(1));
            },
            cancellation,
            new Sql(FeedQueries.Spread, Arg.Time(since), Arg.Uuid(node), Arg.Span(lease)));

    public async ValueTask LeaveAsync(CancellationToken cancellation) =>
        await _beat.AskAsync(Nothing, cancellation, new Sql(FeedQueries.Leave, Arg.Uuid(node)));

    /// <summary>Removes up to so many changes that have been there for longer; whether there may be more.</summary>
    public ValueTask<bool> PruneAsync(TimeSpan kept, int most, CancellationToken cancellation) => _server.AskAsync(
        static async (rows, cancellation) => await rows.ReadAsync(cancellation) && rows.GetBoolean(0),
        cancellation,
        new Sql(FeedQueries.Prune, Arg.Span(kept), Arg.Number(most)));

    public async ValueTask DisposeAsync()
    {
        await _beat.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static ValueTask<bool> Nothing(NpgsqlDataReader rows, CancellationToken cancellation) => new(true);

    private static DateTimeOffset Time(NpgsqlDataReader rows, int column) => new(rows.GetDateTime(column));

    private async ValueTask<FeedPage> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation);
        var readAt = Time(rows, 0);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var horizon = rows.GetInt64(0);
        // Of a server that has started since, nobody knows whether it has all that the last one had.
        var serverSince = Time(rows, 2).UtcTicks;
        var before = Interlocked.Exchange(ref _serverSince, serverSince);
        var isWhole = rows.GetBoolean(1) && (before == 0 || before == serverSince);
        List<ChangedGrain> changed = [];
        if (!rows.IsDBNull(3))
        {
            do
            {
                changed.Add(new ChangedGrain(Columns.Id(rows, 3), rows.GetInt64(6)));
            }
            while (await rows.ReadAsync(cancellation));
        }

        return new FeedPage(new FeedPosition(horizon, readAt), changed, isWhole);
    }
}
