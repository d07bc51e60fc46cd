using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists the account's CMKs, described, in order of creation (seed 003, 4.1.6 and 4.1.22).</summary>
/// <param name="Filter">Which of them.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListKeyDescriptions(KeyFilter Filter, long Offset, int Limit) : IOperation<Page<CmkDescription>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<CmkDescription>>> RunAsync(OperationContext context)
    {
        var listed = await context.ListKeysAsync(Filter, Offset, Limit);
        if (listed.Refused(out var refusal)) return refusal;
        // The place on the page of one that has gone stays empty.
        return new Page<CmkDescription>(
            await context.DescribeAsync(listed.Value.Items), listed.Value.TotalCount);
    }
}
