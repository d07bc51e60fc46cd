using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Listing keys: those alone that the caller may see, and that there still are.</summary>
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
        return await context.Kms.Listings.KeysAsync(context.Owner, seen, offset, limit, context.Cancellation);
    }

    /// <summary>Describes those of the CMKs that there are; one may have gone since it was listed.</summary>
    public static async ValueTask<List<CmkDescription>> DescribeAsync(
        this OperationContext context, IReadOnlyCollection<string> keyIds)
    {
        var keys = new List<CmkDescription>(keyIds.Count);
        foreach (var keyId in keyIds)
        {
            var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(keyId), context.Cancellation);
            if (snapshot.State<CmkState>() is { } state && !state.IsGoneAt(context.Now))
                keys.Add(CmkDescription.At(context.Now, keyId, state));
        }

        return keys;
    }
}
