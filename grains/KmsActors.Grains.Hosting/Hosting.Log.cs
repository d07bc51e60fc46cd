using Microsoft.Extensions.Logging;

namespace KmsActors.Grains.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(100, LogLevel.Warning, "Reminders wait: the store is unavailable")]
    public static partial void StoreUnavailable(this ILogger log, Exception exception);

    [LoggerMessage(101, LogLevel.Error, "Reminder {Reminder} of {Grain} failed and will be tried again")]
    public static partial void ReminderFailed(
        this ILogger log, Exception exception, GrainId grain, Reminder reminder);
}
