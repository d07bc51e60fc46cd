using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Forbids one of the account's access keys to sign, or lets it again.</summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Enabled">Whether it may sign.</param>
public sealed record SetAccessKeyStatus(string AccessKeyId, bool Enabled) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.Kms.Host.InTurn<AccessKeyGrain, Done>(
            GrainId.OfAccessKey(AccessKeyId),
            context.Turn,
            accessKey => accessKey.SetEnabled(context.Account, Enabled),
            context.Cancellation);
}
