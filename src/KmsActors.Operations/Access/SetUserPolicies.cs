using System.Collections.Immutable;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Replaces a user's own policies. The account itself takes none.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Policies">All of them, within the bounds of <see cref="AccessRules"/>.</param>
public sealed record SetUserPolicies(string User, ImmutableArray<AttachedPolicy> Policies) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InUserTurn(User, user => user.SetPolicies(Policies));
}
