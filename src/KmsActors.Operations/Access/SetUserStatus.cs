using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Forbids that anything is done in a user's name, or allows it again; but tokens do not come back.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Enabled">Whether it is allowed.</param>
public sealed record SetUserStatus(string User, bool Enabled) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InUserTurn(User, user => user.SetEnabled(Enabled));
}
