using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Creates the context's account; once it exists this changes nothing.</summary>
public sealed record CreateAccount : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.Kms.Host.InTurn<AccountGrain, Done>(
            GrainId.OfAccount(context.Account), context.Turn, account => account.Create(), context.Cancellation);
}
