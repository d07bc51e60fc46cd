using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes a group. Those in it lose its policies, and are not in a later one of its name.</summary>
/// <param name="Name">The group's name.</param>
public sealed record DeleteGroup(string Name) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InGroupTurn(Name, group => group.Delete());
}
