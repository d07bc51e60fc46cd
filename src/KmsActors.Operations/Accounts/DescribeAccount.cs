using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes the context's account.</summary>
public sealed record DescribeAccount : IOperation<AccountState>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<AccountState>> RunAsync(OperationContext context) =>
        await context.ReadAccountAsync() is { } account ? account : new Refusal(RefusalCode.AccountNotFound);
}
