using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Gives the context's account an access key, or its own of that id another secret; the service's own operation.
/// </summary>
/// <param name="AccessKeyId">As <see cref="AccessKeyText.IsId"/> says; nobody else's.</param>
/// <param name="Secret">Signs requests; as <see cref="AccessKeyText.IsSecret"/> says.</param>
public sealed record PutAccessKey(string AccessKeyId, string Secret) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        if (context.CheckAccessKey(AccessKeyId, Secret) is { } invalid) return invalid;
        var wrapped = context.WrapSecret(AccessKeyId, Secret);
        return await context.InAccessKeyTurn(
            null, [AccessKeyId], (keys, account, _) => keys[0].Put(account, wrapped));
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(PutAccessKey)} {AccessKeyId}";
}
