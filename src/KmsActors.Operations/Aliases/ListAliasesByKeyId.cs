using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists the names that stand for a CMK (seed 001, 4.18).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListAliasesByKeyId(string KeyId, long Offset, int Limit) : IOperation<Page<AliasRow>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<AliasRow>>> RunAsync(OperationContext context)
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.Read);
        if (state.Refused(out var refusal)) return refusal;
        return await context.Kms.Listings.AliasesOfKeyAsync(
            context.Owner, KeyId, Offset, Limit, context.Cancellation);
    }
}
