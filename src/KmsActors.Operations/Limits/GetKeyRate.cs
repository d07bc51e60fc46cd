using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Tells how often a CMK may be used.</summary>
/// <param name="KeyId">The key.</param>
public sealed record GetKeyRate(string KeyId) : IOperation<GetAccountLimits.RateLimit>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<GetAccountLimits.RateLimit>> RunAsync(OperationContext context)
    {
        var key = await context.ReadCmkAsync(KeyId, KeyCommand.Read);
        if (key.Refused(out var refusal)) return refusal;
        return new GetAccountLimits.RateLimit(key.Value.Rate ?? context.Kms.Limits.RateOfKey, key.Value.Rate is not null);
    }
}
