using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Listing keys: those alone that the caller may see.</summary>
internal static class KeyListings
{
    /// <summary>One page of the ids of the account's CMKs, in order of creation.</summary>
    public static async ValueTask<Outcome<Page<string>>> ListKeysAsync(
        this OperationContext context, KeyFilter filter, long offset, int limit)
    {
        if (context.Rights.ForbidsKeyless() is { } refusal) return refusal;
        // A filter costs a look at every key, so there is none for whoever may see all of them.
        var seen = context.Rights.ForbidsEverywhere() is null
            ? filter
            : filter with
            {
                EnterpriseProjects = (filter.EnterpriseProjects ?? ProjectSet.All).Intersect(context.Rights.Projects),
            };
        return await context.Kms.Listings.KeysAsync(context.Account, seen, offset, limit, context.Cancellation);
    }
}
