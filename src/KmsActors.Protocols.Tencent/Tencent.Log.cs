using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Tencent;

internal static partial class TencentLog
{
    [LoggerMessage(400, LogLevel.Warning, "Request {RequestId} could not be served: the store is unavailable")]
    public static partial void Unavailable(this ILogger log, Exception exception, string requestId);

    [LoggerMessage(401, LogLevel.Error, "Request {RequestId} failed")]
    public static partial void Failed(this ILogger log, Exception exception, string requestId);
}
