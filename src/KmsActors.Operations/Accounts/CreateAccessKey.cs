using System.Text;
using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Gives the context's account an access key, or an access key of its another secret.</summary>
/// <param name="AccessKeyId">1 to 128 characters.</param>
/// <param name="Secret">Signs requests.</param>
public sealed record CreateAccessKey(string AccessKeyId, string Secret) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var wrapped = context.Kms.Hsa.WrapSecret(AccessKeyId, Encoding.UTF8.GetBytes(Secret));
        return context.Kms.Host.InTurn<AccessKeyGrain, AccountGrain, Done>(
            GrainId.OfAccessKey(AccessKeyId),
            GrainId.OfAccount(context.Account),
            context.Turn,
            (accessKey, account) => accessKey.Create(account, wrapped),
            context.Cancellation);
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(CreateAccessKey)} {AccessKeyId}";
}
