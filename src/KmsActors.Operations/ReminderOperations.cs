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
            [Reminder.EraseAccount] = (id, cancellation) =>
                EraseAccount.RunAsync(For(kms, id.Name, cancellation)),
            [Reminder.ExpireAccessKey] = (id, cancellation) => ExpireAccessKeyAsync(kms, id, cancellation),
        };

    private static async ValueTask<bool> RotateKeyAsync(Kms kms, GrainId id, CancellationToken cancellation)
    {
        var outcome = await new RotateKey(id.Name).RunAsync(For(kms, id.Account, cancellation));
        return !outcome.Refused(out _);
    }

    private static async ValueTask<bool> ExpireAccessKeyAsync(Kms kms, GrainId id, CancellationToken cancellation)
    {
        var snapshot = await kms.Host.ReadAsync(id, cancellation);
        if (snapshot.State<AccessKeyState>() is not { } state) return true;
        var outcome = await new DeleteAccessKey(id.Name).RunAsync(For(kms, state.Account, cancellation));
        return !outcome.Refused(out _);
    }

    private static OperationContext For(Kms kms, string owner, CancellationToken cancellation)
    {
        var (account, project) = KeyOwner.Parse(owner);
        return new OperationContext(kms, account, TurnContext.Reminders, cancellation) { Project = project };
    }
}
