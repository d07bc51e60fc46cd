using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Changes what the operator calls the context's account.</summary>
/// <param name="DisplayName">0 to 128 characters.</param>
public sealed record RenameAccount(string DisplayName) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InAccountTurn(account => account.Rename(DisplayName));
}
