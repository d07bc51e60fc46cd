using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Lists the access keys of the context's account itself, or of one of its users, by their ids.</summary>
/// <param name="User">The user's name; null for the account itself.</param>
public sealed record ListAccessKeys(string? User) : IOperation<IReadOnlyList<KeyValuePair<string, AccessKeyState>>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<IReadOnlyList<KeyValuePair<string, AccessKeyState>>>> RunAsync(
        OperationContext context)
    {
        var held = await HeldAsync(context);
        if (held.Refused(out var refusal)) return refusal;
        var found = new List<KeyValuePair<string, AccessKeyState>>();
        foreach (var id in held.Value)
        {
            var state = await context.ReadAccessKeyAsync(id);
            if (!state.Refused(out _)) found.Add(new(id, state.Value));
        }

        return found;
    }

    private async ValueTask<Outcome<IReadOnlyCollection<string>>> HeldAsync(OperationContext context)
    {
        if (Principal.Of(context.Account, User).User is not { } name)
        {
            var account = await context.ReadAccountAsync();
            return account is null ? new Refusal(RefusalCode.AccountNotFound) : account.AccessKeys;
        }

        var user = await new DescribeUser(name).RunAsync(context);
        return user.Refused(out var refusal) ? refusal : user.Value.AccessKeys;
    }
}
