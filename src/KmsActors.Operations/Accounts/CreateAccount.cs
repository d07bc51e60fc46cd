using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Creates the context's account. A number is used once.</summary>
/// <param name="DisplayName">What the operator calls it, 0 to 128 characters.</param>
public sealed record CreateAccount(string DisplayName = "") : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.Create(DisplayName));
}
