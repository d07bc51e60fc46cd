using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Issues a public key and a token for one import of key material (seed 001, 4.2).</summary>
/// <param name="KeyId">The key to import into; of origin EXTERNAL.</param>
/// <param name="Wrapping">How the material will be wrapped.</param>
public sealed record GetParametersForImport(string KeyId, ImportWrapping Wrapping)
    : IOperation<GetParametersForImport.Result>
{
    /// <summary>What the owner needs to import.</summary>
    /// <param name="Token">Good for this key and public key, once.</param>
    /// <param name="PublicKey">RSA-2048 or SM2, DER, SubjectPublicKeyInfo.</param>
    /// <param name="ExpiresAt">24 hours from now, UTC.</param>
    public sealed record Result(byte[] Token, byte[] PublicKey, DateTimeOffset ExpiresAt);

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        // Refused before a key pair is spent on it; the turn below asks again.
        var key = await context.ReadCmkAsync(KeyId, KeyCommand.GetImportParameters);
        if (key.Refused(out var refusal)) return refusal;
        var level = key.Value.ProtectionLevel;
        if (context.ForbidsMaterial(key.Value.Spec, level) is { } unsupported) return unsupported;

        var token = ImportToken.New(context.Kms.Hsa);
        var name = ImportToken.NameOf(token);
        var taken = await context.WaitForAsync(cancellation =>
            context.Kms.Hsa.TakeImportKeyPairAsync(
                context.Owner, name, Wrapping, KeyMaterial.ProtectionOf(level), cancellation));
        if (taken.Refused(out refusal)) return refusal;
        var pair = taken.Value;
        var state = new ImportTokenState
        {
            KeyId = KeyId,
            Wrapping = Wrapping.ToString(),
            TokenHash = ImportToken.HashOf(token),
            WrappedPrivateKey = pair.WrappedPrivateKey,
            ExpiresAt = context.Now + ImportTokenGrain.Lifetime,
        };
        var most = await context.QuotaAsync(Quota.ImportTokens);
        var issued = await context.Kms.Host.InTurn<ImportTokenGrain, CmkGrain, Done>(
            GrainId.OfImportToken(context.Owner, name),
            context.Cmk(KeyId),
            context.Turn,
            (grain, cmk) => grain.Issue(context.ByRules(cmk), state, most),
            context.Cancellation);
        return issued.Refused(out refusal) ? refusal : new Result(token, pair.PublicKey, state.ExpiresAt);
    }
}
