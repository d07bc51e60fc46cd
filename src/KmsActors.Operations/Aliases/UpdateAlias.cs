using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Makes an existing name stand for another CMK (seed 001, 4.15).</summary>
/// <param name="Alias">The name without a protocol's prefix.</param>
/// <param name="KeyId">The key it is to stand for.</param>
public sealed record UpdateAlias(string Alias, string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAliasTurnAsync(Alias, KeyId, (alias, left, target) => alias.Update(target, left));
}
