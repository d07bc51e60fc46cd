using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists accounts in ordinal order of their numbers, whatever the context's account.</summary>
/// <param name="After">Only those behind this number; empty for all.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListAccounts(string After, int Limit)
    : IOperation<IReadOnlyList<KeyValuePair<string, AccountState>>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<IReadOnlyList<KeyValuePair<string, AccountState>>>> RunAsync(
        OperationContext context) =>
        await context.ListGrainsAsync<AccountState>(GrainKind.Account, "", After, Limit);
}
