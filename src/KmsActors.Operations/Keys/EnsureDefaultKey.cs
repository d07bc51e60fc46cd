using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Sees to it that the account has the default master key of a service, and tells its id (seed 003, 4.1.1). It
/// belongs to the default enterprise project and counts against no quota.
/// </summary>
/// <param name="Alias">The service's name and <see cref="CmkState.DefaultSuffix"/>.</param>
public sealed record EnsureDefaultKey(string Alias) : IOperation<string>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<string>> RunAsync(OperationContext context)
    {
        var account = await context.ReadAccountAsync();
        if (context.DefaultKeysIn(account).GetValueOrDefault(Alias) is { } existing) return existing;
        var keyId = context.Kms.NewId();
        var made = await context.MakeVersionAsync(keyId, KeySpec.Aes256, ProtectionLevel.Software);
        if (made.Refused(out var refusal)) return refusal;
        var key = new NewCmk
        {
            Spec = KeySpec.Aes256,
            Usage = KeyUsage.EncryptDecrypt,
            VersionId = made.Value.Id,
            WrappedMaterial = made.Value.WrappedMaterial,
            ProtectionLevel = ProtectionLevel.Software,
            Description = "",
            Alias = Alias,
            MostKeys = long.MaxValue,
            MostTags = 0,
        };
        GrainId[] ids =
        [
            GrainId.OfAccount(context.Account), context.Cmk(keyId), context.Alias(Alias),
        ];
        return await context.Kms.Host.InTurn<string>(
            ids,
            context.Turn,
            grains => ((AccountGrain)grains[0]).CreateDefaultKey(
                context.Project, (CmkGrain)grains[1], (AliasGrain)grains[2], key),
            context.Cancellation);
    }
}
