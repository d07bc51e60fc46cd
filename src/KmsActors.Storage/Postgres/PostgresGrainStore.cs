using System.Security.Cryptography;
using System.Text.RegularExpressions;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>
/// Grains and listings in one schema of a PostgreSQL database, for any number of nodes. Every call is one round
/// trip. A commit is tried again when the server had to take it back, as others were in its way; a read also when
/// its connection is lost.
/// </summary>
/// <remarks>
/// The feed takes it that the server's clock does not leap: while it is set back, a node may seem to have come
/// further than it has; when it leaps ahead, to be gone. While anybody's transaction on the same server writes for
/// long, every poll reads again what was committed since that began.
/// </remarks>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public sealed partial class PostgresGrainStore : IGrainStore, IListings, IChangeFeed, IDemandBoard, INonceLedger,
    IJobLedger, IStoreScan, IAsyncDisposable
{
    /// <summary>
    /// Up to $2 of those due at $1 that no other node than $3 has claimed, which claims them for $4. One that is
    /// locked is being claimed or changed just now.
    /// </summary>
    internal const string Due = """
        WITH due AS MATERIALIZED (
            SELECT kind, account, name, reminder FROM reminders
            WHERE due_at <= $1 AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_until <= clock_timestamp())
            ORDER BY due_at, kind, account, name, reminder LIMIT $2
            FOR UPDATE SKIP LOCKED),
        claimed AS (
            UPDATE reminders AS found SET claimed_by = $3, claimed_until = clock_timestamp() + $4 FROM due
            WHERE (found.kind, found.account, found.name, found.reminder)
                = (due.kind, due.account, due.name, due.reminder)
            RETURNING found.kind, found.account, found.name, found.reminder, found.due_at)
        SELECT * FROM claimed ORDER BY due_at, kind, account, name, reminder
        """;

    internal const string Load = "SELECT etag, state FROM grains WHERE kind = $1 AND account = $2 AND name = $3";
    private const string Meta = "SELECT value FROM meta WHERE name = $1";
    private const string SetMeta = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    private const string Unclaim = "UPDATE reminders SET claimed_by = NULL WHERE claimed_by = $1 AND due_at <= $2";

    private readonly PostgresStoreOptions _options;
    private readonly Guid _node = new(RandomNumberGenerator.GetBytes(16));
    private readonly Server _server;

    /// <summary>The latest time whose reminders were asked for; later ones are not claimed.</summary>
    private long _askedUntil;

    private PostgresGrainStore(PostgresStoreOptions options)
    {
        _options = options;
        _server = new Server(options, options.MostConnections);
        Feed = new ChangeFeed(options, _node);
    }

    internal ChangeFeed Feed { get; }

    /// <summary>Opens the database, making or migrating its tables as needed.</summary>
    /// <exception cref="NotSupportedException">
    /// A newer program has migrated the database, or it is set up so that it would not keep what is committed.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    public static async Task<PostgresGrainStore> OpenAsync(
        PostgresStoreOptions options, CancellationToken cancellation)
    {
        if (!SchemaName().IsMatch(options.Schema))
        {
            throw new ArgumentException(
                "A schema's name is of lower-case letters, digits and underscores.", nameof(options));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MostConnections, nameof(options));
        try
        {
            await Migrations.ApplyAsync(options, cancellation);
        }
        catch (NpgsqlException e)
        {
            throw new StoreUnavailableException("The database cannot be opened.", e);
        }

        return new PostgresGrainStore(options);
    }

    /// <inheritdoc/>
    public ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation) => _server.AskAsync(
        static async (rows, cancellation) => await rows.ReadAsync(cancellation)
            ? new StoredGrain(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1))
            : null,
        cancellation,
        new Sql(Load, Arg.Small((int)id.Kind), Arg.Text(id.Account), Arg.Text(id.Name)));

    /// <inheritdoc/>
    /// <remarks>
    /// ETags of one grain increase, also when it is deleted and made again; and one is greater than those of all
    /// commits that were acknowledged before this one was called. Cancellation ends the wait for a connection only.
    /// </remarks>
    public ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation)
    {
        CommitShape.Check(commit);
        return _server.DoAsync(CommitCall.ReadAsync, CommitCall.Of(commit), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        _askedUntil = Math.Max(_askedUntil, now.UtcTicks);
        return await _server.AskAsync(
            static async (rows, cancellation) =>
            {
                List<DueReminder> due = [];
                while (await rows.ReadAsync(cancellation))
                {
                    due.Add(new DueReminder(
                        Columns.Id(rows, 0),
                        (Reminder)rows.GetInt16(3),
                        new DateTimeOffset(rows.GetInt64(4), TimeSpan.Zero)));
                }

                return due;
            },
            cancellation,
            new Sql(Due, Arg.Long(now.UtcTicks), Arg.Number(most), Arg.Uuid(_node), Arg.Span(_options.ClaimTime)));
    }

    /// <summary>What was set under a name for the database as a whole, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<byte[]?> GetMetaAsync(string name, CancellationToken cancellation) => _server.AskAsync(
        static async (rows, cancellation) =>
            await rows.ReadAsync(cancellation) ? rows.GetFieldValue<byte[]>(0) : null,
        cancellation,
        new Sql(Meta, Arg.Text(name)));

    /// <summary>
    /// Sets a value for the database as a whole unless the name has one, which then stays. Returns the value
    /// it has now: of any number of callers, all see that of the first.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    public ValueTask<byte[]> SetMetaIfAbsentAsync(string name, byte[] value, CancellationToken cancellation) =>
        _server.AskAsync(
            static async (rows, cancellation) =>
            {
                await rows.ReadAsync(cancellation);
                return rows.GetFieldValue<byte[]>(0);
            },
            cancellation,
            new Sql(SetMeta, Arg.Text(name), Arg.Bytes(value)),
            new Sql(Meta, Arg.Text(name)));

    /// <inheritdoc/>
    public ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation) =>
        Feed.PollAsync(applied, cancellation);

    /// <inheritdoc/>
    public ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation) =>
        Feed.SpreadAsync(since, lease, cancellation);

    /// <inheritdoc/>
    /// <remarks>Others are given the reminders that this node was given and has not carried out.</remarks>
    public async ValueTask LeaveAsync(CancellationToken cancellation)
    {
        await Feed.LeaveAsync(cancellation);
        await _server.AskAsync(
            static (_, _) => new ValueTask<bool>(true),
            cancellation,
            new Sql(Unclaim, Arg.Uuid(_node), Arg.Long(_askedUntil)));
    }

    /// <inheritdoc/>
    public ValueTask<BoardPage> ExchangeAsync(
        IReadOnlyDictionary<string, double> own, TimeSpan age, CancellationToken cancellation) =>
        DemandBoard.ExchangeAsync(_server, _node, own, age, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SpendAsync(Guid nonce, DateTimeOffset until, CancellationToken cancellation) =>
        NonceLedger.SpendAsync(_server, nonce, until, cancellation);

    /// <summary>Closes it: to later calls the store is unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        await _server.DisposeAsync();
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
