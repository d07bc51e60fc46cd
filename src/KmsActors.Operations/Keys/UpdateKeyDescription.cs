using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Replaces a CMK's description.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Description">0 to 8192 characters.</param>
public sealed record UpdateKeyDescription(string KeyId, string Description) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.UpdateDescription(Description));
}
