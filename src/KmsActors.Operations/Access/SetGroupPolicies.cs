using System.Collections.Immutable;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Replaces the policies of a group, which those in it have.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Policies">All of them, within the bounds of <see cref="AccessRules"/>.</param>
public sealed record SetGroupPolicies(string Group, ImmutableArray<AttachedPolicy> Policies) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InGroupTurn(Group, group => group.SetPolicies(Policies));
}
