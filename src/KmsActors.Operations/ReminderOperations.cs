using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>The reminders that take more than a turn of their grain.</summary>
public static class ReminderOperations
{
    /// <summary>What the pump runs for each of them.</summary>
    public static IReadOnlyDictionary<Reminder, ReminderOperation> Of(Kms kms) =>
        new Dictionary<Reminder, ReminderOperation>
        {
            [Reminder.RotateKey] = (id, cancellation) => RotateKeyAsync(kms, id, cancellation),
        };

    private static async ValueTask<bool> RotateKeyAsync(Kms kms, GrainId id, CancellationToken cancellation)
    {
        var context = new OperationContext(kms, id.Account, TurnContext.Reminders, cancellation);
        var outcome = await new RotateKey(id.Name).RunAsync(context);
        return !outcome.Refused(out _);
    }
}
