using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Erases a CMK's imported material (seed 001, 4.8).</summary>
/// <param name="KeyId">The key.</param>
public sealed record DeleteKeyMaterial(string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.DeleteMaterial());
}
