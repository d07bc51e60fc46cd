using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Forbids everything in the context's account's name, from the answer on, or lets it again. What is scheduled goes
/// on meanwhile.
/// </summary>
/// <param name="Suspended">Whether it is forbidden.</param>
public sealed record SetAccountStatus(bool Suspended) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.SetSuspended(Suspended));
}
