using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes a scheduled deletion back (seed 001, 4.7); tells the state in which the key is then.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Restored">The state the key returns to when it has material; the protocols differ.</param>
public sealed record CancelKeyDeletion(string KeyId, KeyState Restored) : IOperation<KeyState>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<KeyState>> RunAsync(OperationContext context) => context.InCmkTurn<KeyState>(
        KeyId, cmk => cmk.CancelDeletion(Restored).Refused(out var refusal) ? refusal : cmk.State.KeyState);
}
