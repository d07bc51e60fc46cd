using System.Collections.Immutable;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Limits how often the context's account may call; in place of what was so until now, and at once.
/// </summary>
/// <param name="Rates">By class of call; of the others the service's own limits hold.</param>
public sealed record SetAccountRates(ImmutableSortedDictionary<CallClass, Rate> Rates) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.Kms.Host.InTurn<AccountGrain, Done>(
            GrainId.OfAccount(context.Account), context.Turn, account => account.SetRates(Rates), context.Cancellation);
}
