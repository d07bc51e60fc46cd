using System.Security.Cryptography;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>What asymmetric keys are for, as the later documents have it.</summary>
internal static class AsymmetricActions
{
    public static ValueTask<AliyunError?> GetPublicKey(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        return call.RunAsync(new GetPublicKey(key, call.Bind.KeyVersionId()), static (answer, publicKey) =>
        {
            answer.String("KeyId", publicKey.KeyId);
            answer.String("KeyVersionId", publicKey.KeyVersionId);
            answer.String("PublicKey", PemEncoding.WriteString("PUBLIC KEY", publicKey.PublicKey) + "\n");
        });
    }

    public static ValueTask<AliyunError?> AsymmetricEncrypt(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var version = call.Bind.KeyVersionId();
        var algorithm = EncryptionAlgorithmOf(call, "Algorithm");
        var plaintext = call.Bind.SecretBase64("Plaintext", Envelope.MostPlaintext);
        return call.RunAsync(
            new AsymmetricEncrypt(key, version, algorithm, plaintext), CryptographyActions.WriteEncrypted);
    }

    public static ValueTask<AliyunError?> AsymmetricDecrypt(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var version = call.Bind.KeyVersionId();
        var algorithm = EncryptionAlgorithmOf(call, "Algorithm");
        var ciphertext = call.Bind.Base64("CiphertextBlob", KeyTypes.MostCiphertext);
        return call.RunAsync(
            new AsymmetricDecrypt(key, version, algorithm, ciphertext), CryptographyActions.WriteDecrypted);
    }

    public static ValueTask<AliyunError?> AsymmetricSign(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var version = call.Bind.KeyVersionId();
        var algorithm = SignatureAlgorithmOf(call);
        var digest = Digest(call);
        return call.RunAsync(new AsymmetricSign(key, version, algorithm, digest), static (answer, signed) =>
        {
            answer.String("KeyId", signed.KeyId);
            answer.String("KeyVersionId", signed.KeyVersionId);
            answer.Base64("Value", signed.Signature);
        });
    }

    public static ValueTask<AliyunError?> AsymmetricVerify(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var version = call.Bind.KeyVersionId();
        var algorithm = SignatureAlgorithmOf(call);
        var digest = Digest(call);
        var value = call.Bind.Base64("Value", LongestValue);
        return call.RunAsync(
            new AsymmetricVerify(key, version, algorithm, digest, value), static (answer, verified) =>
            {
                answer.String("KeyId", verified.KeyId);
                answer.String("KeyVersionId", verified.KeyVersionId);
                answer.Boolean("Value", verified.IsGood);
            });
    }

    /// <summary>A required encryption algorithm.</summary>
    public static EncryptionAlgorithm EncryptionAlgorithmOf(AliyunCall call, string name) =>
        call.Bind.RequiredChoice(
            name,
            ("RSAES_OAEP_SHA_256", EncryptionAlgorithm.OaepSha256),
            ("RSAES_OAEP_SHA_1", EncryptionAlgorithm.OaepSha1),
            ("SM2PKE", EncryptionAlgorithm.Sm2Pke));

    // Longer than any signature: what is no signature is false rather than an error.
    private const int LongestValue = 1024;

    private static SignatureAlgorithm SignatureAlgorithmOf(AliyunCall call) => call.Bind.RequiredChoice(
        "Algorithm",
        ("RSA_PSS_SHA_256", SignatureAlgorithm.RsaPssSha256),
        ("RSA_PKCS1_SHA_256", SignatureAlgorithm.RsaPkcs1Sha256),
        ("ECDSA_SHA_256", SignatureAlgorithm.EcdsaSha256),
        ("SM2DSA", SignatureAlgorithm.Sm2Dsa));

    // SHA-256 and SM3 are equally long, so the length can be held to before the key is known.
    private static SignedContent Digest(AliyunCall call)
    {
        var digest = call.Bind.Base64("Digest", KeyTypes.DigestSize);
        if (digest.Length != KeyTypes.DigestSize) call.Bind.Invalid("Digest");
        return SignedContent.OfDigest(digest);
    }
}
