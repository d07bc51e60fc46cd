using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists the ids of the account's CMKs in order of creation (seed 001, 4.10).</summary>
/// <param name="Filter">Which of them.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListKeys(KeyFilter Filter, long Offset, int Limit) : IOperation<Page<string>>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Page<string>>> RunAsync(OperationContext context) =>
        context.ListKeysAsync(Filter, Offset, Limit);
}
