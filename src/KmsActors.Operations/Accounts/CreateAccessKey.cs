using System.Security.Cryptography;
using System.Text;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Gives the context's account, or one of its users, an access key, or an access key of theirs another secret.
/// </summary>
/// <param name="AccessKeyId">1 to 128 characters.</param>
/// <param name="Secret">Signs requests.</param>
public sealed record CreateAccessKey(string AccessKeyId, string Secret) : IOperation<Done>
{
    /// <summary>The user in whose name it signs; null for the account itself.</summary>
    public string? User { get; init; }

    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var wrapped = Wrap(context);
        GrainId[] ids =
        [
            GrainId.OfAccessKey(AccessKeyId),
            GrainId.OfAccount(context.Account),
            .. Principal.Of(context.Account, User).User is { } name
                ? [GrainId.OfUser(context.Account, name)]
                : Array.Empty<GrainId>(),
        ];
        return context.Kms.Host.InTurn<Done>(
            ids,
            context.Turn,
            grains => ((AccessKeyGrain)grains[0]).Create(
                (AccountGrain)grains[1], grains.Length > 2 ? (UserGrain)grains[2] : null, wrapped),
            context.Cancellation);
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(CreateAccessKey)} {AccessKeyId}";

    private byte[] Wrap(OperationContext context)
    {
        var secret = Encoding.UTF8.GetBytes(Secret);
        try
        {
            return context.Kms.Hsa.WrapSecret(AccessKeyId, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
