using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>
/// How many CMKs the account has and may have (seed 003, 4.1.13 and 4.1.14), default master keys apart: the
/// whole account, whichever of them the caller may see.
/// </summary>
public sealed record GetKeyQuota : IOperation<GetKeyQuota.Result>
{
    /// <summary>The account's standing.</summary>
    /// <param name="Used">CMKs it has; exact.</param>
    /// <param name="Quota">CMKs it may have.</param>
    public sealed record Result(long Used, long Quota);

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsKeyless() is { } refusal) return refusal;
        var defaultKeys = context.DefaultKeysIn(await context.ReadAccountAsync()).Count;
        while (true)
        {
            var keys = await context.Kms.Listings.KeysAsync(
                context.Owner, KeyFilter.None, 0, 1, context.Cancellation);
            var counted = defaultKeys;
            defaultKeys = context.DefaultKeysIn(await context.ReadAccountAsync()).Count;
            // There are only as many as services, so this ends.
            if (counted == defaultKeys)
                return new Result(keys.TotalCount - counted, await context.QuotaAsync(Quota.Keys));
        }
    }
}
