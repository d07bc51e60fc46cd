using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes a user out of a group. Nothing happens to one who is not in it.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Group">The group's name.</param>
public sealed record RemoveUserFromGroup(string User, string Group) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InUserTurn(User, user => user.Leave(Group));
}
