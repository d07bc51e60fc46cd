using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Changes what limits the context's account; at once. Null leaves it to the service again, what is not named stays.
/// </summary>
public sealed record ChangeAccountLimits : IOperation<Done>
{
    /// <summary>How often it may call, by class of call.</summary>
    public IReadOnlyDictionary<CallClass, Rate?> Rates { get; init; } = new Dictionary<CallClass, Rate?>();

    /// <summary>How much it may have.</summary>
    public IReadOnlyDictionary<Quota, long?> Quotas { get; init; } = new Dictionary<Quota, long?>();

    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.ChangeLimits(Rates, Quotas));
}
