using System.Net.Sockets;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>What went wrong, in the store's terms.</summary>
internal static class Failures
{
    /// <summary>The connection is gone, or there was none to be had: another may do.</summary>
    public static bool IsLoss(Exception error) => error switch
    {
        PostgresException told => told.InvariantSeverity is "FATAL" or "PANIC"
            || told.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or SocketException } => true,
        IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The transaction was ended, as another one was in its way, and nothing of it is left.</summary>
    public static bool IsContention(Exception error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <summary>It is of the database.</summary>
    public static bool IsOurs(Exception error) =>
        error is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>What to tell the caller.</summary>
    public static Exception ToStore(Exception error, string message) => error switch
    {
        // Class 23: integrity constraints.
        PostgresException told when told.SqlState.StartsWith("23", StringComparison.Ordinal) =>
            new InvariantException("The commit contradicts the database.", error),
        ObjectDisposedException => new StoreUnavailableException("The store is closed.", error),
        _ => new StoreUnavailableException(message, error),
    };
}
