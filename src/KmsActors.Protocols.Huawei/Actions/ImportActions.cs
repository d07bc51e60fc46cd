using KmsActors.Grains;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Key material from outside: seed 003, 4.1.19 to 4.1.21.</summary>
internal static class ImportActions
{
    private const int LeastToken = 200;
    private const int MostToken = 6144;
    private const int LeastMaterial = 344;
    private const int MostMaterial = 360;

    public static ValueTask<HuaweiError?> GetParametersForImport(HuaweiCall call)
    {
        var keyId = call.Bind.KeyId();
        var wrapping = call.Bind.RequiredChoice(
            "wrapping_algorithm",
            HuaweiErrors.ParameterInvalid,
            ("RSAES_PKCS1_V1_5", ImportWrapping.Pkcs1),
            ("RSAES_OAEP_SHA_1", ImportWrapping.OaepSha1),
            ("RSAES_OAEP_SHA_256", ImportWrapping.OaepSha256));
        return call.RunAsync(new GetParametersForImport(keyId, wrapping), (answer, parameters) =>
        {
            answer.String("key_id", keyId);
            answer.Base64("import_token", parameters.Token);
            // A number, as in the example; the table has a string of it.
            answer.Number("expiration_time", parameters.ExpiresAt.ToUnixTimeSeconds());
            answer.Base64("public_key", parameters.PublicKey);
        }, static code => code == RefusalCode.LimitExceeded ? HuaweiErrors.Throttled : null);
    }

    public static ValueTask<HuaweiError?> ImportKeyMaterial(HuaweiCall call)
    {
        var bind = call.Bind;
        var keyId = bind.KeyId();
        var token = bind.Base64("import_token", LeastToken, MostToken, HuaweiErrors.ImportTokenInvalid);
        var material = bind.Base64(
            "encrypted_key_material", LeastMaterial, MostMaterial, HuaweiErrors.ParameterInvalid);
        var expiry = bind.OptionalSeconds("expiration_time", HuaweiErrors.ParameterInvalid);
        return call.RunAsync(new ImportKeyMaterial(keyId, token, material, expiry));
    }

    public static ValueTask<HuaweiError?> DeleteImportedKeyMaterial(HuaweiCall call) =>
        call.RunAsync(new DeleteKeyMaterial(call.Bind.KeyId()));
}
