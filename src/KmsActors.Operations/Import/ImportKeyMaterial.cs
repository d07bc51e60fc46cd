using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// Imports key material, or the same material again with another expiry (seed 001, 4.3). Uses the
/// token up; an import that fails for its material counts against the token.
/// </summary>
/// <param name="KeyId">The key, or null for the token's.</param>
/// <param name="Token">As issued.</param>
/// <param name="EncryptedMaterial">256 bits (SM4: 128), wrapped with the token's public key.</param>
/// <param name="Expiry">When the material expires, UTC; null for never.</param>
public sealed record ImportKeyMaterial(
    string? KeyId, byte[] Token, byte[] EncryptedMaterial, DateTimeOffset? Expiry) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        if (KeyId is not null)
        {
            var named = await context.ReadCmkAsync(KeyId, KeyCommand.ImportMaterial);
            if (named.Refused(out var no)) return no;
        }

        if (Expiry <= context.Now) return Refusal.Invalid(nameof(Expiry));
        var token = await ReadTokenAsync(context);
        if (token.Refused(out var refusal)) return refusal;
        var keyId = token.Value.KeyId;
        var key = await context.ReadCmkAsync(keyId, KeyCommand.ImportMaterial);
        if (key.Refused(out refusal)) return refusal;
        if (context.ForbidsMaterial(key.Value.Spec, key.Value.ProtectionLevel) is { } unsupported) return unsupported;

        var tokenId = GrainId.OfImportToken(context.Owner, ImportToken.NameOf(Token));
        var imported = await ImportAsync(context, tokenId, token.Value, key.Value);
        if (imported.Refusal?.Code is RefusalCode.KeyMaterialInvalid or RefusalCode.KeyMaterialDiffers)
        {
            await context.Kms.Host.InTurn<ImportTokenGrain, Done>(
                tokenId, context.Turn, grain => grain.RecordFailure(), context.Cancellation);
        }

        return imported;
    }

    private async ValueTask<Outcome<ImportTokenState>> ReadTokenAsync(OperationContext context)
    {
        var invalid = new Refusal(RefusalCode.ImportTokenInvalid);
        if (Token.Length != ImportToken.Length) return invalid;
        var id = GrainId.OfImportToken(context.Owner, ImportToken.NameOf(Token));
        var snapshot = await context.Kms.Host.ReadAsync(id, context.Cancellation);
        var state = snapshot.State<ImportTokenState>();
        if (state is null
            || !CryptographicOperations.FixedTimeEquals(state.TokenHash, ImportToken.HashOf(Token)))
        {
            return invalid;
        }

        if (KeyId is not null && KeyId != state.KeyId) return new Refusal(RefusalCode.ImportTokenOfAnotherKey);
        return ImportTokenGrain.Check(state, context.Now) is { } refusal ? refusal : state;
    }

    private async ValueTask<Outcome<Done>> ImportAsync(
        OperationContext context, GrainId tokenId, ImportTokenState token, CmkState key)
    {
        var versionId = key.Primary.Id;
        WrappedImport? import;
        try
        {
            import = context.Kms.Hsa.ImportMaterial(
                context.Owner,
                tokenId.Name,
                token.WrappedPrivateKey,
                Enum.Parse<ImportWrapping>(token.Wrapping),
                EncryptedMaterial,
                KeyMaterial.BindingOf(context.Owner, token.KeyId, versionId, key.Spec, key.ProtectionLevel));
        }
        catch (HsaUnavailableException)
        {
            return new Refusal(RefusalCode.Unavailable);
        }

        if (import is null) return new Refusal(RefusalCode.KeyMaterialInvalid);

        var material = new ImportedMaterial(versionId, import.WrappedMaterial, import.Fingerprint, Expiry);
        return await context.Kms.Host.InTurn<CmkGrain, ImportTokenGrain, Done>(
            context.Cmk(token.KeyId),
            tokenId,
            context.Turn,
            (cmk, grain) =>
            {
                var used = grain.Use();
                return used.Refused(out var refusal) ? refusal : context.ByRules(cmk).ImportMaterial(material);
            },
            context.Cancellation);
    }
}
