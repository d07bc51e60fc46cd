using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Limits how often a CMK may be used; at once.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Rate">The limit, or null for the service's own.</param>
public sealed record SetKeyRate(string KeyId, Rate? Rate) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.SetRate(Rate));
}
