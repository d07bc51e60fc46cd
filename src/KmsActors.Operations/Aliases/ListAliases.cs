using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>
/// Lists the account's aliases by name (seed 001, 4.17). They know no enterprise projects, so this takes the
/// right to all of them.
/// </summary>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListAliases(long Offset, int Limit) : IOperation<Page<AliasRow>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<AliasRow>>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsEverywhere() is { } refusal) return refusal;
        return await context.Kms.Listings.AliasesAsync(context.Owner, Offset, Limit, context.Cancellation);
    }
}
