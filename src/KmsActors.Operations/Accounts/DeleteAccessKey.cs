using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Removes an access key of the context's account or of one of its users.</summary>
/// <param name="AccessKeyId">The access key.</param>
public sealed record DeleteAccessKey(string AccessKeyId) : IOperation<Done>
{
    /// <summary>Whether it is refused unless the access key has expired.</summary>
    public bool OnlyExpired { get; init; }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var state = await context.ReadAccessKeyAsync(AccessKeyId);
        return state.Refused(out var refusal)
            ? refusal
            : await context.InAccessKeyTurn(
                state.Value.User, [AccessKeyId], (keys, account, user) =>
                    OnlyExpired && !keys[0].HasExpired
                        ? new Refusal(RefusalCode.AccessKeyNotFound)
                        : keys[0].Delete(account, user));
    }
}
