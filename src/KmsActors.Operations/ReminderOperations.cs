using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>The reminders that take more than a turn of their grain.</summary>
public static class ReminderOperations
{
    // The pump waits for all that is due at once.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>What the pump runs for each of them.</summary>
    public static IReadOnlyDictionary<Reminder, ReminderOperation> Of(Kms kms)
    {
        // One account at a time: each fills a commit after the other, and the store has others to serve.
        var erasing = new SemaphoreSlim(1, 1);
        return new Dictionary<Reminder, ReminderOperation>
        {
            [Reminder.RotateKey] = (id, cancellation) => RotateKeyAsync(kms, id, cancellation),
            [Reminder.EraseAccount] = (id, cancellation) => EraseAccountAsync(kms, id, erasing, cancellation),
            [Reminder.ExpireAccessKey] = (id, cancellation) => ExpireAccessKeyAsync(kms, id, cancellation),
        };
    }

    private static async ValueTask<bool> EraseAccountAsync(
        Kms kms, GrainId id, SemaphoreSlim erasing, CancellationToken cancellation)
    {
        var begun = kms.Time.GetTimestamp();
        await erasing.WaitAsync(cancellation);
        try
        {
            // Of those that wait while another is erased for long, none begins any more.
            return kms.Time.GetElapsedTime(begun) < LongestWait
                && await EraseAccount.RunAsync(For(kms, id.Name, cancellation));
        }
        finally
        {
            erasing.Release();
        }
    }

    private static async ValueTask<bool> RotateKeyAsync(Kms kms, GrainId id, CancellationToken cancellation)
    {
        var outcome = await new RotateKey(id.Name).RunAsync(For(kms, id.Account, cancellation));
        return !outcome.Refused(out _);
    }

    private static async ValueTask<bool> ExpireAccessKeyAsync(Kms kms, GrainId id, CancellationToken cancellation)
    {
        var snapshot = await kms.Host.ReadAsync(id, cancellation);
        if (snapshot.State<AccessKeyState>() is not { } state) return true;
        // It may be another of that id by now, which is refused.
        var context = For(kms, state.Account, cancellation);
        var outcome = await new DeleteAccessKey(id.Name) { OnlyExpired = true }.RunAsync(context);
        return !outcome.Refused(out _);
    }

    private static OperationContext For(Kms kms, string owner, CancellationToken cancellation)
    {
        var (account, project) = KeyOwner.Parse(owner);
        return new OperationContext(kms, account, TurnContext.Reminders, cancellation) { Project = project };
    }
}
