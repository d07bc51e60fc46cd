using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Suspends the context's account, and has it erased with all that it has.</summary>
/// <param name="Days">How many days from now, 0 to 1096; not before half a minute has passed.</param>
public sealed record ScheduleAccountDeletion(int Days) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.ScheduleDeletion(Days));
}
