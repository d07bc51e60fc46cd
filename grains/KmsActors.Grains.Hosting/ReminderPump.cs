using Microsoft.Extensions.Logging;

namespace KmsActors.Grains.Hosting;

/// <summary>
/// Carries out reminders: at least once, never early, late by the pump's interval. A reminder is gone
/// when a commit of its grain has taken it away, so a crash between the two only means once more.
/// </summary>
public sealed class ReminderPump(
    GrainHost host, IGrainStore store, TimeProvider time, GrainHostOptions options, ILogger<ReminderPump> log)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await RunDueAsync(cancellation) == options.ReminderBatch;
            }
            catch (StoreUnavailableException unavailable)
            {
                log.StoreUnavailable(unavailable);
            }

            if (!more) await Task.Delay(options.ReminderInterval, time, cancellation);
        }
    }

    /// <summary>Runs one batch of due reminders and says how many it took away.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellation)
    {
        var due = await store.DueRemindersAsync(time.GetUtcNow(), options.ReminderBatch, cancellation);
        var ran = await Task.WhenAll(due.Select(reminder => RunAsync(reminder, cancellation)));
        return ran.Count(done => done);
    }

    private async Task<bool> RunAsync(DueReminder due, CancellationToken cancellation)
    {
        try
        {
            await host.InTurn<Grain, Done>(
                due.Id,
                TurnContext.Reminders,
                grain =>
                {
                    grain.OnReminder(due.Reminder);
                    return default(Done);
                },
                cancellation);
            return true;
        }
        catch (Exception fault) when (fault is InvariantException or StoreUnavailableException)
        {
            // One grain's fault must not keep the others' reminders from running; this one is tried again.
            log.ReminderFailed(fault, due.Id, due.Reminder);
            return false;
        }
    }
}
