using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Makes a name stand for a CMK (seed 001, 4.14).</summary>
/// <param name="Alias">The name without a protocol's prefix, 1 to 255 characters.</param>
/// <param name="KeyId">The key.</param>
public sealed record CreateAlias(string Alias, string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        // Else whoever is first could have others use his key for the service's.
        if (context.NamesDefaultKey(Alias)) return new Refusal(RefusalCode.DefaultKeyProtected);
        var most = await context.QuotaAsync(Quota.Aliases);
        return await context.Kms.Host.InTurn<AliasGrain, CmkGrain, Done>(
            context.Alias(Alias),
            context.Cmk(KeyId),
            context.Turn,
            (alias, cmk) => alias.Create(context.ByRules(cmk), most),
            context.Cancellation);
    }
}
