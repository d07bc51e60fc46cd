using Microsoft.Extensions.Logging;

namespace KmsActors.Grains.Hosting;

/// <summary>Carries out a reminder whose turn needs something that no grain can make, such as material.</summary>
/// <param name="id">Whose reminder.</param>
/// <param name="cancellation">The pump stops.</param>
/// <returns>Whether it was carried out; if not, it is tried again.</returns>
public delegate ValueTask<bool> ReminderOperation(GrainId id, CancellationToken cancellation);

/// <summary>
/// Carries out reminders: at least once, never early, late by the pump's interval. A reminder is gone
/// when a commit of its grain has taken it away, so a crash between the two only means once more. Most run
/// in a turn of some grains together, those in <paramref name="operations"/> as an operation around one.
/// </summary>
public sealed class ReminderPump(
    GrainHost host,
    IGrainStore store,
    TimeProvider time,
    GrainHostOptions options,
    IReadOnlyDictionary<Reminder, ReminderOperation> operations,
    ILogger<ReminderPump> log)
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
        var ofGrains = due.Where(reminder => !operations.ContainsKey(reminder.Reminder));
        var ran = await Task.WhenAll([
            .. due.Except(ofGrains).Select(reminder => RunAsync(reminder, cancellation)),
            .. ofGrains.Chunk(options.RemindersACommit).Select(some => RunTogetherAsync(some, cancellation)),
        ]);
        return ran.Sum();
    }

    private async Task<int> RunTogetherAsync(DueReminder[] due, CancellationToken cancellation)
    {
        if (due is [var alone]) return await RunAsync(alone, cancellation);
        try
        {
            var outcome = await host.RemindAsync(due, cancellation);
            if (!outcome.Refused(out _)) return due.Length;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whose fault it is shows, and is logged, when each is run alone.
        }

        var ran = await Task.WhenAll(due.Select(reminder => RunAsync(reminder, cancellation)));
        return ran.Sum();
    }

    /// <summary>Runs one by itself; 1 if it was carried out, else 0.</summary>
    private async Task<int> RunAsync(DueReminder due, CancellationToken cancellation)
    {
        try
        {
            if (!operations.TryGetValue(due.Reminder, out var operation))
            {
                await host.RemindAsync([due], cancellation);
                return 1;
            }

            return await operation(due.Id, cancellation) ? 1 : 0;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // One grain's fault must not keep the others' reminders from running; this one is tried again.
            log.ReminderFailed(fault, due.Id, due.Reminder);
            return 0;
        }
    }
}
