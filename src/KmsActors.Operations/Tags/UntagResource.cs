using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes tags from a CMK (seed 001, 4.20).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="TagKeys">The keys of the tags; those the CMK does not have are passed over.</param>
public sealed record UntagResource(string KeyId, IReadOnlyCollection<string> TagKeys) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.Untag(TagKeys));
}
