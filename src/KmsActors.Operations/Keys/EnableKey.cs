using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lets a CMK be used (seed 001, 4.4).</summary>
/// <param name="KeyId">The key.</param>
public sealed record EnableKey(string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.Enable());
}
