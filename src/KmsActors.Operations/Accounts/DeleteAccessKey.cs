using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes an access key of the context's account or of one of its users.</summary>
/// <param name="AccessKeyId">The access key.</param>
public sealed record DeleteAccessKey(string AccessKeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        // Whose it is never changes.
        var state = await context.ReadAccessKeyAsync(AccessKeyId);
        return state.Refused(out var refusal)
            ? refusal
            : await context.InAccessKeyTurn(
                state.Value.User, [AccessKeyId], (keys, account, user) => keys[0].Delete(account, user));
    }
}
