using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Gives the context's account, or one of its users, an access key.</summary>
/// <param name="AccessKeyId">As <see cref="AccessKeyText.IsId"/> says; nobody else's.</param>
/// <param name="Secret">Signs requests; as <see cref="AccessKeyText.IsSecret"/> says.</param>
public sealed record CreateAccessKey(string AccessKeyId, string Secret) : IOperation<Done>
{
    /// <summary>The user in whose name it signs; null for the account itself.</summary>
    public string? User { get; init; }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        if (context.CheckAccessKey(AccessKeyId, Secret) is { } invalid) return invalid;
        var wrapped = context.WrapSecret(AccessKeyId, Secret);
        return await context.InAccessKeyTurn(
            Principal.Of(context.Account, User).User,
            [AccessKeyId],
            (keys, account, user) => keys[0].Create(account, user, wrapped));
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(CreateAccessKey)} {AccessKeyId}";
}
