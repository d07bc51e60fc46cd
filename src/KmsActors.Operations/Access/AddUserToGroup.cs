using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Puts a user into a group: up to 10 each. The account itself is in none.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Group">The group's name.</param>
public sealed record AddUserToGroup(string User, string Group) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.Kms.Host.InTurn<UserGrain, GroupGrain, Done>(
            GrainId.OfUser(context.Account, User),
            GrainId.OfGroup(context.Account, Group),
            context.Turn,
            (user, group) => user.Join(group),
            context.Cancellation);
}
