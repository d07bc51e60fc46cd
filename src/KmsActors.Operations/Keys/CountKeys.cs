using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Counts the account's CMKs, as far as the caller may list them (seed 003, 4.1.22).</summary>
/// <param name="Filter">Which of them.</param>
public sealed record CountKeys(KeyFilter Filter) : IOperation<long>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<long>> RunAsync(OperationContext context)
    {
        var page = await context.ListKeysAsync(Filter, 0, 1);
        return page.Refused(out var refusal) ? refusal : page.Value.TotalCount;
    }
}
