using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes the deletion of the context's account back; it is suspended then.</summary>
public sealed record CancelAccountDeletion : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.CancelDeletion());
}
