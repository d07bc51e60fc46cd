using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes a scheduled deletion back (seed 001, 4.7).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Restored">The state the key returns to when it has material; the protocols differ.</param>
public sealed record CancelKeyDeletion(string KeyId, KeyState Restored) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.CancelDeletion(Restored));
}
