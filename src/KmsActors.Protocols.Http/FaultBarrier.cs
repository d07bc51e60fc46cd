using KmsActors.Grains.Hosting;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Http;

/// <summary>Whatever goes wrong here has an answer in the protocol's words, and is in the log.</summary>
internal static partial class FaultBarrier
{
    /// <summary>Serves a call; throws only when its client has gone.</summary>
    /// <param name="log">The endpoint's.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="unavailable">The answer when the store cannot answer.</param>
    /// <param name="failed">The answer to a fault of ours.</param>
    /// <param name="serve">Serves it: an error to answer with, or null.</param>
    public static async ValueTask<TError?> ServeAsync<TError>(
        ILogger log, string requestId, TError unavailable, TError failed, Func<ValueTask<TError?>> serve)
        where TError : class
    {
        try
        {
            return await serve();
        }
        catch (StoreUnavailableException exception)
        {
            Unavailable(log, exception, requestId);
            return unavailable;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failed(log, fault, requestId);
            return failed;
        }
    }

    [LoggerMessage(200, LogLevel.Warning, "Request {RequestId} could not be served: the store is unavailable")]
    private static partial void Unavailable(ILogger log, Exception exception, string requestId);

    [LoggerMessage(201, LogLevel.Error, "Request {RequestId} failed")]
    private static partial void Failed(ILogger log, Exception exception, string requestId);
}
