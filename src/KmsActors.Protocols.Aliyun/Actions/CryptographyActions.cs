using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>What keys are for: seed 001, 4.11 to 4.13, and two later calls of the same API version.</summary>
internal static class CryptographyActions
{
    private const int MostDataKeyBytes = 1024;

    public static ValueTask<AliyunError?> Encrypt(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var (plaintext, form) = call.Bind.Plaintext("Plaintext");
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(new Encrypt(key, plaintext, form, context), WriteEncrypted);
    }

    public static ValueTask<AliyunError?> Decrypt(AliyunCall call)
    {
        var ciphertext = Ciphertext(call);
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(new Decrypt(ciphertext, context), static (answer, decrypted) =>
        {
            answer.String("KeyId", decrypted.KeyId);
            answer.String("KeyVersionId", decrypted.KeyVersionId);
            if (decrypted.Form == PlaintextForm.VerbatimText) answer.Utf8("Plaintext", decrypted.Plaintext.Span);
            else answer.Base64("Plaintext", decrypted.Plaintext.Span);
        });
    }

    public static ValueTask<AliyunError?> ReEncrypt(AliyunCall call)
    {
        var ciphertext = Ciphertext(call);
        var source = call.Bind.Context("SourceEncryptionContext");
        var destination = call.Bind.KeyOrAlias("DestinationKeyId");
        var context = call.Bind.Context("DestinationEncryptionContext");
        return call.RunAsync(new ReEncrypt(ciphertext, source, destination, context), WriteEncrypted);
    }

    public static ValueTask<AliyunError?> GenerateDataKey(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var bytes = NumberOfBytes(call);
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(new GenerateDataKey(key, bytes, context), static (answer, generated) =>
        {
            answer.Base64("Plaintext", generated.Plaintext.Span);
            WriteEncrypted(answer, generated.Encrypted);
        });
    }

    public static ValueTask<AliyunError?> GenerateDataKeyWithoutPlaintext(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var bytes = NumberOfBytes(call);
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(new GenerateDataKeyWithoutPlaintext(key, bytes, context), WriteEncrypted);
    }

    private static byte[] Ciphertext(AliyunCall call) =>
        call.Bind.Base64("CiphertextBlob", Envelope.Overhead + Envelope.MostPlaintext);

    // NumberOfBytes wins over KeySpec (seed 001, 4.12).
    private static int NumberOfBytes(AliyunCall call)
    {
        var ofSpec = call.Bind.Choice("KeySpec", 32, ("AES_256", 32), ("AES_128", 16));
        return (int)(call.Bind.OptionalInteger("NumberOfBytes", 1, MostDataKeyBytes) ?? ofSpec);
    }

    private static void WriteEncrypted(AliyunWriter answer, Encrypted encrypted)
    {
        answer.String("KeyId", encrypted.KeyId);
        answer.String("KeyVersionId", encrypted.KeyVersionId);
        answer.Base64("CiphertextBlob", encrypted.Ciphertext);
    }
}
