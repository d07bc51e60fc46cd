using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant does with pairs that encrypt, with data keys for others, and with chance.</summary>
internal static class PairActs
{
    private const int DataKeySize = 32;

    /// <summary>Creates a pair that encrypts.</summary>
    public static Task CreateAsync(Session session) =>
        KeyActs.CreateAsync(session, KeySpec.Rsa2048, isExternal: false, rotationInterval: null);

    /// <summary>Encrypts with a pair, and decrypts at once, as far as that is possible by then.</summary>
    public static async Task EncryptAndDecryptAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var key = KeyReference.ById(session.Tenant.PickPair(session.Chance).Id);
        var plaintext = new byte[session.Chance.Between(1, 48)];
        session.Chance.Fill(plaintext);
        var (call, made) = await session.CallAsync(
            PolicyAction.AsymmetricEncrypt,
            new AsymmetricEncrypt(key, null, EncryptionAlgorithm.OaepSha256, plaintext),
            key.KeyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, key.KeyId!, KeyCommand.AsymmetricEncryptDecrypt);
        if (made is null) return;
        session.Judge.Version(call, made.KeyId, made.KeyVersionId);
        var (second, opened) = await session.CallAsync(
            PolicyAction.AsymmetricDecrypt,
            new AsymmetricDecrypt(key, made.KeyVersionId, EncryptionAlgorithm.OaepSha256, made.Ciphertext),
            key.KeyId);
        if (!session.IsAnswered(second)) return;
        session.Judge.Key(second, key.KeyId!, (view, at) =>
            KeyView.Refuses(view, KeyCommand.AsymmetricEncryptDecrypt, at)
            ?? (view!.Versions.Contains(made.KeyVersionId) ? null : RefusalCode.KeyVersionNotFound));
        if (opened?.Plaintext.Span.SequenceEqual(plaintext) == false)
            throw new Violation(Rules.Ciphertext, $"{second} made something else of it");
    }

    /// <summary>Makes a data key for somebody else.</summary>
    public static async Task GenerateAndExportAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var target = Target(session);
        var (call, made) = await session.CallAsync(
            PolicyAction.GenerateAndExportDataKey,
            new GenerateAndExportDataKey(KeyReference.ById(keyId), DataKeySize, EncryptionContext.Empty, target),
            keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.EncryptDecrypt);
        if (made is null) return;
        var plaintext = Open(target, made) ?? throw new Violation(Rules.Ciphertext, $"{call} is for somebody else");
        UseActs.Keep(session, call, made.Encrypted, plaintext, EncryptionContext.Empty);
    }

    /// <summary>Gives a data key to somebody else.</summary>
    public static async Task ExportAsync(Session session)
    {
        if (session.Tenant.Ciphertexts.Count == 0) return;
        var ciphertext = session.Chance.OneOf(session.Tenant.Ciphertexts);
        var target = Target(session);
        var (call, made) = await session.CallAsync(
            PolicyAction.ExportDataKey,
            new ExportDataKey(ciphertext.Bytes, ciphertext.Context, target),
            ciphertext.KeyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, ciphertext.KeyId, (key, at) => UseActs.RefusesToDecrypt(key, ciphertext, at));
        if (made is not null && Open(target, made)?.SequenceEqual(ciphertext.Plaintext) != true)
            throw new Violation(Rules.Ciphertext, $"{call} made something else of it");
    }

    /// <summary>Asks for random bytes.</summary>
    public static async Task GenerateRandomAsync(Session session)
    {
        var size = session.Chance.Between(1, 64);
        var (call, random) = await session.CallAsync(PolicyAction.GenerateRandom, new GenerateRandom(size));
        if (!session.IsAnswered(call)) return;
        session.Judge.WithoutKey(call);
        if (call.Refusal is not null || random!.Span.Length != size)
            throw new Violation(Rules.WrongRefusal, $"{call}: nothing is in the way of {size} bytes");
    }

    private static ExportTarget Target(Session session)
    {
        var publicKey = new byte[SimulatedKeyPair.PublicKeySize];
        session.Chance.Fill(publicKey);
        return new ExportTarget(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256, publicKey);
    }

    private static byte[]? Open(ExportTarget target, ExportedDataKey made) =>
        Seal.TryOpen(Convert.ToHexString(target.PublicKey.Span), made.Exported);
}
