using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes a name; the CMK it stood for is not touched (seed 001, 4.16).</summary>
/// <param name="Alias">The name without a protocol's prefix.</param>
public sealed record DeleteAlias(string Alias) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.Kms.Host.InTurn<AliasGrain, Done>(
            GrainId.OfAlias(context.Account, Alias),
            context.Turn,
            alias => alias.Delete(),
            context.Cancellation);
}
