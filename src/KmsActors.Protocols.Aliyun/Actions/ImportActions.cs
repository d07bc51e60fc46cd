using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>Bring your own key: seed 001, 4.2, 4.3 and 4.8; EC_SM2 is the later documents'.</summary>
internal static class ImportActions
{
    private const int LongestToken = 1024;
    private const int LongestMaterial = 1024;

    // The last instant that DateTimeOffset can say.
    private const long LastUnixSecond = 253_402_300_799;

    public static ValueTask<AliyunError?> GetParametersForImport(AliyunCall call)
    {
        var keyId = call.Bind.KeyId("KeyId");
        var wrapping = call.Bind.RequiredChoice(
            "WrappingAlgorithm",
            ("RSAES_PKCS1_V1_5", ImportWrapping.Pkcs1),
            ("RSAES_OAEP_SHA_1", ImportWrapping.OaepSha1),
            ("RSAES_OAEP_SHA_256", ImportWrapping.OaepSha256),
            ("SM2PKE", ImportWrapping.Sm2Pke));
        var isSm2 = call.Bind.RequiredChoice("WrappingKeySpec", ("RSA_2048", false), ("EC_SM2", true));
        if (isSm2 != (wrapping == ImportWrapping.Sm2Pke)) call.Bind.Invalid("WrappingKeySpec");
        return call.RunAsync(new GetParametersForImport(keyId, wrapping), (answer, parameters) =>
        {
            answer.String("KeyId", keyId);
            answer.Base64("ImportToken", parameters.Token);
            answer.Base64("PublicKey", parameters.PublicKey);
            answer.String("TokenExpireTime", AliyunCall.Time(parameters.ExpiresAt));
        });
    }

    /// <summary>KeyId is not in the document's table, but every client sends it.</summary>
    public static ValueTask<AliyunError?> ImportKeyMaterial(AliyunCall call)
    {
        var keyId = call.Bind.OptionalKeyId("KeyId");
        var material = call.Bind.Base64("EncryptedKeyMaterial", LongestMaterial);
        var token = call.Bind.Base64("ImportToken", LongestToken);
        var expiry = call.Bind.OptionalInteger("KeyMaterialExpireUnix", 0, LastUnixSecond) ?? 0;
        return call.RunAsync(new ImportKeyMaterial(
            keyId, token, material, expiry == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(expiry)));
    }

    public static ValueTask<AliyunError?> DeleteKeyMaterial(AliyunCall call) =>
        call.RunAsync(new DeleteKeyMaterial(call.Bind.KeyId("KeyId")));
}
