using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>Connections to the database, some of them kept, and what is done when they fail.</summary>
internal sealed class Server(PostgresStoreOptions options, int mostConnections) : IAsyncDisposable
{
    /// <summary>How often a transaction is tried that others are in the way of.</summary>
    private const int MostTries = 10;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(Settings(options, mostConnections));

    /// <summary>How to connect.</summary>
    /// <remarks>
    /// Every query has an index, and its plan is made once, for any arguments. A plan made while a table was small
    /// would run through it when it is large; so no plan may, if there is any other.
    /// <para>
    /// The server ends what takes too long, so that the outcome is known; the client waits a little longer.
    /// Nothing is left behind on a connection that would have to be reset.
    /// </para>
    /// </remarks>
    public static string Settings(PostgresStoreOptions options, int mostConnections)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? "kmsactors",
            SearchPath = options.Schema,
            Options = $@"{given.Options} -c default_transaction_isolation=read\ committed -c jit=off"
                + " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
                + $" -c statement_timeout={(long)options.CommandTimeout.TotalMilliseconds}",
            Pooling = true,
            MaxPoolSize = mostConnections,
            MinPoolSize = 0,
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout) + 2,
            TcpKeepAlive = true,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
            Enlist = false,
            // What an error says of rows may be a caller's.
            IncludeErrorDetail = false,
            LogParameters = false,
        }.ConnectionString;
    }

    /// <summary>
    /// Runs statements in one transaction and one round trip, and again on another connection if the first is
    /// lost: what they do may be done twice.
    /// </summary>
    public ValueTask<T> AskAsync<T>(
        Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellation,
        params Sql[] batch) => AskTwiceAsync(read, batch, inTurn: false, cancellation);

    /// <summary>
    /// The same with a transaction for each statement, begun when the one before it has been committed.
    /// </summary>
    public ValueTask<T> AskInTurnAsync<T>(
        Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read,
        CancellationToken cancellation,
        params Sql[] batch) => AskTwiceAsync(read, batch, inTurn: true, cancellation);

    /// <summary>
    /// Runs one statement that must not be run twice. What fails before it is sent is tried again; after that its
    /// end is awaited, whatever the caller wants, and if the connection is lost it is not known.
    /// </summary>
    public async ValueTask<T> DoAsync<T>(
        Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read, Sql statement, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            await using var connection = await OpenAsync(cancellation);
            try
            {
                return await RunAsync(connection, [statement], inTurn: false, read, CancellationToken.None);
            }
            catch (Exception contention) when (tries < MostTries && Failures.IsContention(contention))
            {
                // Nothing was done.
            }
            catch (Exception e) when (Failures.IsOurs(e))
            {
                if (Failures.IsLoss(e)) Forget();
                throw Failures.ToStore(e, "Whether the transaction took place is unknown.");
            }
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async ValueTask<T> AskTwiceAsync<T>(
        Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read,
        Sql[] batch,
        bool inTurn,
        CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancellation);
                return await RunAsync(connection, batch, inTurn, read, cancellation);
            }
            catch (Exception lost) when (tries == 1 && Failures.IsLoss(lost))
            {
                Forget();
            }
            catch (Exception contention) when (tries < MostTries && Failures.IsContention(contention))
            {
                // Nothing was done.
            }
            catch (Exception e) when (Failures.IsOurs(e))
            {
                throw Failures.ToStore(e, "The database does not answer.");
            }
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await _source.OpenConnectionAsync(cancellation);
            }
            catch (Exception lost) when (tries == 1 && Failures.IsLoss(lost))
            {
                Forget();
            }
            catch (Exception e) when (Failures.IsOurs(e))
            {
                throw Failures.ToStore(e, "The database cannot be reached.");
            }
        }
    }

    private static async ValueTask<T> RunAsync<T>(
        NpgsqlConnection connection, Sql[] statements, bool inTurn,
        Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        await using var batch = connection.CreateBatch();
        batch.EnableErrorBarriers = inTurn;
        foreach (var (text, arguments) in statements)
        {
            var command = new NpgsqlBatchCommand(text);
            // Copies, as an argument is of one command for ever, and there may be another try.
            foreach (var argument in arguments) command.Parameters.Add(argument.Clone());
            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var result = await read(rows, cancellation);
        // To the end, which comes after the transaction has: rows come before, and it may fail yet.
        while (await rows.NextResultAsync(cancellation))
        {
        }

        return result;
    }

    /// <summary>
    /// Idle connections have likely had the same fate, and would each have its caller find out.
    /// </summary>
    private void Forget()
    {
        try
        {
            _source.Clear();
        }
        catch (ObjectDisposedException)
        {
            // Then it has none.
        }
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
