using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes tags from a CMK (seed 001, 4.20; seed 003, 4.1.25 and 4.1.27).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Tags">The tags; those the CMK does not have are passed over.</param>
public sealed record UntagResource(string KeyId, IReadOnlyCollection<TagToRemove> Tags) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.Untag(Tags));
}
