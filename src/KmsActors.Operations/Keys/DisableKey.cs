using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Forbids use of a CMK until it is enabled again (seed 001, 4.5).</summary>
/// <param name="KeyId">The key.</param>
public sealed record DisableKey(string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.Disable());
}
