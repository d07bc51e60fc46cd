using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant does with what keys are for.</summary>
internal static class UseActs
{
    /// <summary>Encrypts with a key.</summary>
    public static Task EncryptAsync(Session session) => session.Tenant.Keys.Count == 0
        ? Task.CompletedTask
        : EncryptAsync(session, session.Chance.OneOf(session.Tenant.Keys).Id);

    /// <summary>Encrypts with one key.</summary>
    public static async Task EncryptAsync(Session session, string keyId)
    {
        var (plaintext, context) = Content(session.Chance);
        var (call, made) = await session.CallAsync(
            PolicyAction.Encrypt,
            new Encrypt(KeyReference.ById(keyId), plaintext, PlaintextForm.Bytes, context),
            keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.EncryptDecrypt);
        if (made is not null) Keep(session, call, made, plaintext, context);
    }

    /// <summary>Makes a data key.</summary>
    public static async Task GenerateDataKeyAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (_, context) = Content(session.Chance);
        var (call, made) = await session.CallAsync(
            PolicyAction.GenerateDataKey, new GenerateDataKey(KeyReference.ById(keyId), 32, context), keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.EncryptDecrypt);
        if (made is not null) Keep(session, call, made.Encrypted, made.Plaintext.Span.ToArray(), context);
    }

    /// <summary>Makes a data key that nobody sees.</summary>
    public static async Task GenerateHiddenDataKeyAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (call, _) = await session.CallAsync(
            PolicyAction.GenerateDataKeyWithoutPlaintext,
            new GenerateDataKeyWithoutPlaintext(KeyReference.ById(keyId), 16, EncryptionContext.Empty));
        if (session.IsAnswered(call)) session.Judge.Key(call, keyId, KeyCommand.EncryptDecrypt);
    }

    /// <summary>Encrypts with the key that an alias stands for.</summary>
    public static Task EncryptByAliasAsync(Session session) => session.Tenant.Aliases.Count == 0
        ? Task.CompletedTask
        : EncryptByAliasAsync(session, session.Chance.OneOf(session.Tenant.Aliases));

    /// <summary>Encrypts with a service's default master key, which is made when it is first used.</summary>
    public static Task EncryptByDefaultAsync(Session session) => EncryptByAliasAsync(session, AliasActs.DefaultName);

    /// <summary>Encrypts with the key that one alias stands for.</summary>
    public static async Task EncryptByAliasAsync(Session session, string alias)
    {
        var (plaintext, context) = Content(session.Chance);
        var (call, made) = await session.CallAsync(
            PolicyAction.Encrypt,
            new Encrypt(KeyReference.ByAlias(alias), plaintext, PlaintextForm.Bytes, context));
        if (!session.IsAnswered(call)) return;
        var isDefault = alias == AliasActs.DefaultName;
        var targets = session.Judge.Targets(call, alias);
        if (made is not null)
        {
            if (!targets.Contains(made.KeyId))
                throw new Violation(Rules.OldRight, $"{call} by {alias}, which was not {made.KeyId}");
            session.Judge.Key(call, made.KeyId, KeyCommand.EncryptDecrypt);
            Keep(session, call, made, plaintext, context);
            if (isDefault) AliasActs.LearnDefaultKey(session, made.KeyId);
            return;
        }

        // It may be for its maker alone, and he is not.
        var isMissing = call.Refusal == RefusalCode.AliasNotFound && (!isDefault || call.Caller!.User is not null);
        if (isMissing && targets.Contains(null)) return;
        if (isDefault && targets.Contains(null)) session.Judge.Refused(call, AliasActs.NoDefaultKey(session));
        else session.Judge.AnyKey(call, targets, KeyCommand.EncryptDecrypt);
    }

    /// <summary>Decrypts something that the tenant has kept.</summary>
    public static Task DecryptAsync(Session session) => session.Tenant.Ciphertexts.Count == 0
        ? Task.CompletedTask
        : DecryptAsync(session, session.Chance.OneOf(session.Tenant.Ciphertexts));

    /// <summary>Decrypts one ciphertext, as far as its key lets that be done.</summary>
    public static async Task DecryptAsync(Session session, KnownCiphertext ciphertext)
    {
        var (call, made) = await session.CallAsync(
            PolicyAction.Decrypt, new Decrypt(ciphertext.Bytes, ciphertext.Context), ciphertext.KeyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, ciphertext.KeyId, (key, at) => RefusesToDecrypt(key, ciphertext, at));
        if (made is null) return;
        if (!made.Plaintext.Span.SequenceEqual(ciphertext.Plaintext) || made.KeyVersionId != ciphertext.VersionId)
            throw new Violation(Rules.Ciphertext, $"{call} made something else of it");
    }

    /// <summary>Moves a ciphertext to another key.</summary>
    public static async Task ReEncryptAsync(Session session)
    {
        if (session.Tenant.Ciphertexts.Count == 0) return;
        var from = session.Chance.OneOf(session.Tenant.Ciphertexts);
        var to = session.Chance.OneOf(session.Tenant.Keys).Id;
        var (_, context) = Content(session.Chance);
        var (call, made) = await session.CallAsync(
            PolicyAction.ReEncrypt, new ReEncrypt(from.Bytes, from.Context, KeyReference.ById(to), context));
        if (!session.IsAnswered(call)) return;
        if (made is null)
        {
            session.Judge.EitherKey(
                call,
                (from.KeyId, (key, at) => RefusesToDecrypt(key, from, at)),
                (to, (key, at) => KeyView.Refuses(key, KeyCommand.EncryptDecrypt, at)));
            return;
        }

        session.Judge.Key(call, from.KeyId, (key, at) => RefusesToDecrypt(key, from, at));
        session.Judge.Key(call, to, KeyCommand.EncryptDecrypt);
        Keep(session, call, made, from.Plaintext, context);
    }

    /// <summary>Signs with a pair, and has the signature checked.</summary>
    public static async Task SignAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Tenant.PickPair(session.Chance).Id;
        var digest = new byte[32];
        session.Chance.Fill(digest);
        var content = SignedContent.OfDigest(digest);
        var (call, signed) = await session.CallAsync(
            PolicyAction.Sign,
            new AsymmetricSign(KeyReference.ById(keyId), null, SignatureAlgorithm.EcdsaSha256, content),
            keyId);
        if (!session.IsAnswered(call)) return;
        session.Judge.Key(call, keyId, KeyCommand.SignVerify);
        if (signed is null) return;
        var (second, verified) = await session.CallAsync(
            PolicyAction.Verify,
            new AsymmetricVerify(
                KeyReference.ById(keyId),
                signed.KeyVersionId,
                SignatureAlgorithm.EcdsaSha256,
                content,
                signed.Signature),
            keyId);
        if (!session.IsAnswered(second)) return;
        // A node may not have heard yet of the version that has just signed at another.
        session.Judge.Key(second, keyId, (key, at) => KeyView.Refuses(key, KeyCommand.SignVerify, at)
            ?? (key!.Versions.Contains(signed.KeyVersionId) ? null : RefusalCode.KeyVersionNotFound));
        if (verified is { IsGood: false })
            throw new Violation(Rules.Ciphertext, $"{second}: the signature is not good");
    }

    /// <summary>Asks for a public key.</summary>
    public static async Task GetPublicKeyAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var keyId = session.Tenant.PickPair(session.Chance).Id;
        var (call, _) = await session.CallAsync(
            PolicyAction.GetPublicKey, new GetPublicKey(KeyReference.ById(keyId), null), keyId);
        if (session.IsAnswered(call)) session.Judge.Key(call, keyId, KeyCommand.GetPublicKey);
    }

    /// <summary>Why a ciphertext cannot be decrypted with its key as it is, or null.</summary>
    public static RefusalCode? RefusesToDecrypt(KeyView? key, KnownCiphertext ciphertext, DateTimeOffset at)
    {
        var refusal = KeyView.Refuses(key, KeyCommand.EncryptDecrypt, at);
        if (refusal is not null) return key is null ? RefusalCode.CiphertextInvalid : refusal;
        return key!.Versions.Contains(ciphertext.VersionId) ? null : RefusalCode.CiphertextInvalid;
    }

    /// <summary>Keeps what was encrypted, by what has to be the last version of its key.</summary>
    public static void Keep(
        Session session, CallRecord call, Encrypted made, byte[] plaintext, EncryptionContext context)
    {
        session.Judge.Version(call, made.KeyId, made.KeyVersionId);
        session.Tenant.Keep(
            new KnownCiphertext(made.KeyId, made.KeyVersionId, made.Ciphertext, plaintext, context), session.Chance);
    }

    private static (byte[] Plaintext, EncryptionContext Context) Content(Chance chance)
    {
        var plaintext = new byte[chance.Between(1, 48)];
        chance.Fill(plaintext);
        var context = chance.Happens(0.5)
            ? EncryptionContext.Empty
            : EncryptionContext.From([KeyValuePair.Create("order", $"{chance.Below(100)}")])!;
        return (plaintext, context);
    }
}
