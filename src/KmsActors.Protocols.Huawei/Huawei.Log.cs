using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Huawei;

internal static partial class HuaweiLog
{
    [LoggerMessage(300, LogLevel.Warning, "Request {RequestId} could not be served: the store is unavailable")]
    public static partial void Unavailable(this ILogger log, Exception exception, string requestId);

    [LoggerMessage(301, LogLevel.Error, "Request {RequestId} failed")]
    public static partial void Failed(this ILogger log, Exception exception, string requestId);
}
