using Microsoft.Extensions.Logging;

namespace KmsActors.Grains.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(100, LogLevel.Warning, "Reminders wait: the store is unavailable")]
    public static partial void StoreUnavailable(this ILogger log, Exception exception);

    [LoggerMessage(102, LogLevel.Warning, "Not serving: other nodes' changes cannot be read")]
    public static partial void FeedUnavailable(this ILogger log, Exception exception);

    [LoggerMessage(103, LogLevel.Information, "Serving: other nodes' changes are known")]
    public static partial void Serving(this ILogger log);

    [LoggerMessage(101, LogLevel.Error, "Reminder {Reminder} of {Grain} failed and will be tried again")]
    public static partial void ReminderFailed(
        this ILogger log, Exception exception, GrainId grain, Reminder reminder);
}
