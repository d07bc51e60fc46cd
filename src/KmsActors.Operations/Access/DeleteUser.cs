using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes a user; tokens and access keys in its name are good no longer.</summary>
/// <param name="Name">The user's name.</param>
public sealed record DeleteUser(string Name) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InUserTurn(Name, user => user.Delete());
}
