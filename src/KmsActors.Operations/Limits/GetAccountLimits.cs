using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Tells what limits the context's account, and how much of it is used.</summary>
public sealed record GetAccountLimits : IOperation<GetAccountLimits.Result>
{
    /// <summary>A limit of how often.</summary>
    /// <param name="Rate">The limit.</param>
    /// <param name="IsOwn">Whether it is the account's own, rather than the service's.</param>
    public sealed record RateLimit(Rate Rate, bool IsOwn);

    /// <summary>A limit of how much.</summary>
    /// <param name="Limit">The limit.</param>
    /// <param name="Used">How much there is, of the first project; null of tags, which are counted by key.</param>
    /// <param name="IsOwn">Whether it is the account's own, rather than the service's.</param>
    public sealed record QuotaLimit(long Limit, long? Used, bool IsOwn);

    /// <summary>All limits.</summary>
    public sealed record Result(
        IReadOnlyDictionary<CallClass, RateLimit> Rates, IReadOnlyDictionary<Quota, QuotaLimit> Quotas);

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        if (await context.ReadAccountAsync() is not { } account) return new Refusal(RefusalCode.AccountNotFound);
        var counts = await context.Kms.Listings.CountsAsync(context.Account, context.Cancellation);
        var limits = context.Kms.Limits;
        return new Result(
            Enum.GetValues<CallClass>().ToDictionary(
                each => each, each => new RateLimit(limits.RateOf(each, account), account.Rates.ContainsKey(each))),
            Enum.GetValues<Quota>().ToDictionary(
                each => each,
                each => new QuotaLimit(
                    limits.Of(each, account), Used(each, account, counts), account.Quotas.ContainsKey(each))));
    }

    private static long? Used(Quota quota, AccountState account, IReadOnlyDictionary<GrainKind, long> counts) =>
        quota switch
        {
            Quota.TagsPerKey => null,
            Quota.Keys => Math.Max(0, counts.GetValueOrDefault(GrainKind.Cmk) - account.DefaultKeys.Count),
            Quota.Aliases => counts.GetValueOrDefault(GrainKind.Alias),
            Quota.ImportTokens => counts.GetValueOrDefault(GrainKind.ImportToken),
            Quota.Users => counts.GetValueOrDefault(GrainKind.User),
            Quota.Groups => counts.GetValueOrDefault(GrainKind.Group),
            Quota.Tokens => counts.GetValueOrDefault(GrainKind.AuthToken),
            _ => throw new InvariantException($"nothing counts {quota}"),
        };
}
