using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Deletes a CMK after a window in which that can be taken back (seed 001, 4.6).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="WindowInDays">Whole days, within the protocol's limits.</param>
public sealed record ScheduleKeyDeletion(string KeyId, int WindowInDays) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.ScheduleDeletion(TimeSpan.FromDays(WindowInDays)));
}
