using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists groups of the context's account in ordinal order of their names.</summary>
/// <param name="After">Only those behind this name; empty for all.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListGroups(string After, int Limit) : IOperation<IReadOnlyList<KeyValuePair<string, GroupState>>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<IReadOnlyList<KeyValuePair<string, GroupState>>>> RunAsync(
        OperationContext context) =>
        await context.ListGrainsAsync<GroupState>(GrainKind.Group, context.Account, After, Limit);
}
