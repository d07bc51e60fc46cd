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
        var own = key.Value.Rate;
        return new GetAccountLimits.RateLimit(own ?? context.Kms.Limits.RateOfKey, own is not null);
    }
}
