using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant does with material of its own.</summary>
internal static class ImportActs
{
    /// <summary>Asks for what it takes to import into a key, and may import at once.</summary>
    public static Task PrepareAsync(Session session)
    {
        var external = session.Tenant.Keys.Where(key => key.Material is not null).ToList();
        return external.Count == 0 ? Task.CompletedTask : PrepareAsync(session, session.Chance.OneOf(external), null);
    }

    /// <summary>Imports by a token that was given, whatever it is good for by now.</summary>
    public static Task ImportAsync(Session session)
    {
        if (session.Tenant.Tokens.Count == 0) return Task.CompletedTask;
        var token = session.Chance.OneOf(session.Tenant.Tokens);
        return ImportAsync(session, token, RandomExpiry(session), token.Key.Material!);
    }

    /// <summary>Erases a key's material.</summary>
    public static Task DeleteMaterialAsync(Session session) => KeyActs.ChangeAsync(
        session,
        PolicyAction.DeleteKeyMaterial,
        KeyCommand.DeleteMaterial,
        key => new DeleteKeyMaterial(key),
        key => !key.HasMaterial);

    /// <summary>Brings a key its material; whether that is known to be done.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="key">An external key.</param>
    /// <param name="expiry">
    /// When the material is to expire; null has chance decide on that, and on whether at all.
    /// </param>
    public static async Task<bool> PrepareAsync(Session session, KnownKey key, Expiry? expiry)
    {
        var (call, given) = await session.CallAsync(
            PolicyAction.GetParametersForImport, new GetParametersForImport(key.Id, ImportWrapping.OaepSha256));
        if (!session.IsAnswered(call)) return false;
        if (call.Refusal == RefusalCode.LimitExceeded)
        {
            session.Judge.AtLimit(call, GrainKind.ImportToken);
            return false;
        }

        session.Judge.Key(call, key.Id, KeyCommand.GetImportParameters);
        if (given is null) return false;
        var token = new KnownToken(key, given.Token, given.PublicKey, given.ExpiresAt);
        if (expiry is not null) return await ImportAsync(session, token, expiry, key.Material!);
        session.Tenant.Tokens.Add(token);
        if (session.Tenant.Tokens.Count > 8) session.Tenant.Tokens.RemoveAt(0);
        if (!session.Chance.Happens(0.6)) return false;
        var isSame = session.Chance.Happens(0.85);
        return await ImportAsync(session, token, RandomExpiry(session), isSame ? key.Material! : new byte[32]);
    }

    private static async Task<bool> ImportAsync(Session session, KnownToken token, Expiry expiry, byte[] material)
    {
        var key = token.Key;
        var wrapped = Seal.Close(Convert.ToHexString(token.PublicKey), material);
        var (call, _) = await session.CallAsync(
            PolicyAction.ImportKeyMaterial, new ImportKeyMaterial(key.Id, token.Token, wrapped, expiry.At));
        if (!session.IsAnswered(call)) return false;
        var tokenId = GrainId.OfImportToken(session.Tenant.Owner, Convert.ToHexStringLower(token.Token[..16]));
        if (call.Refusal is not null)
        {
            var isOther = !material.SequenceEqual(key.Material!);
            session.Judge.ImportRefused(call, key.Id, tokenId, expiry.At, isOther);
            return false;
        }

        session.Judge.Key(call, key.Id, KeyCommand.ImportMaterial);
        session.Judge.Token(call, tokenId);
        session.Judge.Done(
            call,
            KeyActs.Id(session, key.Id),
            version => version.Key is { HasMaterial: true } view && view.MaterialExpiry == expiry.At);
        session.Judge.Done(call, tokenId, version => version.Stored is null);
        return true;
    }

    private static Expiry RandomExpiry(Session session) => session.Chance.Happens(0.3)
        ? new Expiry(null)
        : new Expiry(session.Now + session.Chance.Exponential(TimeSpan.FromDays(40)));
}

/// <summary>When material is to expire.</summary>
/// <param name="At">The time; null for never.</param>
internal sealed record Expiry(DateTimeOffset? At);
