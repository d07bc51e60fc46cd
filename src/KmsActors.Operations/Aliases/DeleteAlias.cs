using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes a name; the CMK it stood for stays as it is (seed 001, 4.16).</summary>
/// <param name="Alias">The name without a protocol's prefix.</param>
public sealed record DeleteAlias(string Alias) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAliasTurnAsync(Alias, null, (alias, key, _) => alias.Delete(key));
}
