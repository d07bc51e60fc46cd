using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Tencent;

/// <summary>What keys are for (dialects, section 4). Plaintexts and ciphertexts are in Base64.</summary>
internal static class CryptographyActions
{
    private const int MostPlaintext = 4096;
    private const int MostDataKeyBytes = 1024;

    public static ValueTask<TencentError?> Encrypt(TencentCall call)
    {
        var key = KeyReference.ById(call.Bind.KeyId());
        var plaintext = call.Bind.Plaintext("plaintext", MostPlaintext);
        var context = call.Bind.Context();
        return call.RunAsync(
            new Encrypt(key, plaintext, PlaintextForm.Bytes, context), WriteEncrypted, TencentErrors.OfEncryption);
    }

    /// <summary>What another protocol has encrypted as text is in Base64 here too.</summary>
    public static ValueTask<TencentError?> Decrypt(TencentCall call)
    {
        var ciphertext = call.Bind.Base64(
            "ciphertextBlob",
            Envelope.Overhead + 1,
            Envelope.Overhead + Envelope.MostPlaintext,
            TencentErrors.CiphertextBlobInvalid);
        var context = call.Bind.Context();
        return call.RunAsync(
            new Decrypt(ciphertext, context),
            static (answer, decrypted) =>
            {
                answer.String("keyId", decrypted.KeyId);
                answer.Base64("plaintext", decrypted.Plaintext.Span);
            },
            TencentErrors.OfDecryption);
    }

    /// <summary>numberOfBytes wins over keySpec, which has to be one all the same.</summary>
    public static ValueTask<TencentError?> GenerateDataKey(TencentCall call)
    {
        var key = KeyReference.ById(call.Bind.KeyId());
        var ofSpec = call.Bind.Choice("keySpec", TencentErrors.KeySpecIllegal, ("AES_256", 32), ("AES_128", 16));
        var bytes = call.Bind.OptionalInteger("numberOfBytes", 1, MostDataKeyBytes) ?? ofSpec;
        var context = call.Bind.Context();
        return call.RunAsync(
            new GenerateDataKey(key, bytes, context),
            static (answer, made) =>
            {
                WriteEncrypted(answer, made.Encrypted);
                answer.Base64("plaintext", made.Plaintext.Span);
            },
            TencentErrors.OfEncryption);
    }

    private static void WriteEncrypted(TencentWriter answer, Encrypted encrypted)
    {
        answer.String("keyId", encrypted.KeyId);
        answer.Base64("ciphertextBlob", encrypted.Ciphertext);
    }
}
