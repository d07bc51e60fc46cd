using System.Security.Cryptography;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>What pairs of keys are for, as later editions have it. A pair's newest version does it.</summary>
internal static class SignatureActions
{
    private const int MostMessage = 4096;

    // Longer than any signature: what is none is false rather than an error.
    private const int MostSignature = 1024;

    public static ValueTask<HuaweiError?> Sign(HuaweiCall call)
    {
        var (key, algorithm, content) = Signed(call.Bind);
        return call.RunAsync(new AsymmetricSign(key, null, algorithm, content), static (answer, signed) =>
        {
            answer.String("key_id", signed.KeyId);
            answer.Base64("signature", signed.Signature);
        });
    }

    public static ValueTask<HuaweiError?> Verify(HuaweiCall call)
    {
        var (key, algorithm, content) = Signed(call.Bind);
        var signature = call.Bind.Base64("signature", 4, Base64Length(MostSignature), HuaweiErrors.ParameterInvalid);
        return call.RunAsync(
            new AsymmetricVerify(key, null, algorithm, content, signature), static (answer, verified) =>
            {
                answer.String("key_id", verified.KeyId);
                answer.BooleanText("signature_valid", verified.IsGood);
            });
    }

    public static ValueTask<HuaweiError?> GetPublicKey(HuaweiCall call)
    {
        var key = KeyReference.ById(call.Bind.KeyId());
        return call.RunAsync(new GetPublicKey(key, null), static (answer, publicKey) =>
        {
            answer.String("key_id", publicKey.KeyId);
            answer.String("public_key", PemEncoding.WriteString("PUBLIC KEY", publicKey.PublicKey) + "\n");
        });
    }

    private static (KeyReference Key, SignatureAlgorithm Algorithm, SignedContent Content) Signed(FieldBinder bind)
    {
        var key = KeyReference.ById(bind.KeyId());
        var algorithm = bind.RequiredChoice(
            "signing_algorithm",
            HuaweiErrors.ParameterInvalid,
            ("RSASSA_PSS_SHA_256", SignatureAlgorithm.RsaPssSha256),
            ("RSASSA_PKCS1_V1_5_SHA_256", SignatureAlgorithm.RsaPkcs1Sha256),
            ("ECDSA_SHA_256", SignatureAlgorithm.EcdsaSha256),
            ("SM2DSA_SM3", SignatureAlgorithm.Sm2Dsa));
        var isRaw = bind.Choice("message_type", false, HuaweiErrors.ParameterInvalid, ("DIGEST", false), ("RAW", true));
        var message = bind.Base64("message", 4, Base64Length(MostMessage), HuaweiErrors.ParameterInvalid);
        // That many characters may be of a byte or two more.
        var isMessage = isRaw ? message.Length <= MostMessage : message.Length == KeyTypes.DigestSize;
        bind.Require(isMessage, "message", HuaweiErrors.ParameterInvalid);
        return (key, algorithm, isRaw ? SignedContent.OfMessage(message) : SignedContent.OfDigest(message));
    }

    private static int Base64Length(int bytes) => (bytes + 2) / 3 * 4;
}
