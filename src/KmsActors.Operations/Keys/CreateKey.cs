using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Creates a CMK (seed 001, 4.1).</summary>
/// <param name="Origin">Whether the HSA makes the material now or the owner imports it later.</param>
/// <param name="ProtectionLevel">How the material is to be protected.</param>
/// <param name="Description">0 to 8192 characters.</param>
public sealed record CreateKey(KeyOrigin Origin, ProtectionLevel ProtectionLevel, string Description)
    : IOperation<CmkDescription>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<CmkDescription>> RunAsync(OperationContext context)
    {
        var keyId = context.Kms.NewId();
        var versionId = context.Kms.NewId();
        var key = new NewCmk
        {
            VersionId = versionId,
            WrappedMaterial = Origin == KeyOrigin.Kms
                ? context.Kms.Hsa.GenerateKey(new KeyBinding(context.Account, keyId, versionId))
                : null,
            ProtectionLevel = ProtectionLevel,
            Description = Description,
            MostKeys = context.Kms.Limits.KeysPerAccount,
        };
        var created = await context.InCmkTurn(keyId, cmk => cmk.Create(key));
        return created.Refused(out var refusal)
            ? refusal
            : CmkDescription.At(context.Now, keyId, created.Value);
    }
}
