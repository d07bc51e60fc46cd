using System.Collections.Immutable;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists a CMK's tags in ordinal order of their keys (seed 001, 4.21).</summary>
/// <param name="KeyId">The key.</param>
public sealed record ListResourceTags(string KeyId) : IOperation<ImmutableSortedDictionary<string, string>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<ImmutableSortedDictionary<string, string>>> RunAsync(OperationContext context)
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.Read);
        return state.Refused(out var refusal) ? refusal : state.Value.Tags;
    }
}
