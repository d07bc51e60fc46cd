using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists users of the context's account in ordinal order of their names.</summary>
/// <param name="After">Only those behind this name; empty for all.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListUsers(string After, int Limit) : IOperation<IReadOnlyList<KeyValuePair<string, UserState>>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<IReadOnlyList<KeyValuePair<string, UserState>>>> RunAsync(
        OperationContext context) =>
        await context.ListGrainsAsync<UserState>(GrainKind.User, context.Account, After, Limit);
}
