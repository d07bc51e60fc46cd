using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun;

/// <summary>What symmetric keys are for: seed 001, 4.11 to 4.13, and later calls of the same API version.</summary>
internal static class CryptographyActions
{
    private const int MostDataKeyBytes = 1024;

    // That of RSA-2048 takes 294 bytes.
    private const int LongestPublicKey = 1024;

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
        return call.RunAsync(new Decrypt(ciphertext, context), WriteDecrypted);
    }

    public static ValueTask<AliyunError?> ReEncrypt(AliyunCall call)
    {
        var ciphertext = Ciphertext(call);
        var source = call.Bind.Context("SourceEncryptionContext");
        var destination = call.Bind.KeyOrAlias("DestinationKeyId");
        var context = call.Bind.Context("DestinationEncryptionContext");
        var reEncrypt = new ReEncrypt(ciphertext, source, destination, context) { Source = AsymmetricSource(call) };
        return call.RunAsync(reEncrypt, WriteEncrypted);
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

    public static ValueTask<AliyunError?> ExportDataKey(AliyunCall call)
    {
        var ciphertext = Ciphertext(call);
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(
            new ExportDataKey(ciphertext, context, Target(call)), static (answer, exported) =>
            {
                answer.String("KeyId", exported.Encrypted.KeyId);
                answer.String("KeyVersionId", exported.Encrypted.KeyVersionId);
                answer.Base64("ExportedDataKey", exported.Exported);
            });
    }

    public static ValueTask<AliyunError?> GenerateAndExportDataKey(AliyunCall call)
    {
        var key = call.Bind.KeyOrAlias("KeyId");
        var bytes = NumberOfBytes(call);
        var context = call.Bind.Context("EncryptionContext");
        return call.RunAsync(
            new GenerateAndExportDataKey(key, bytes, context, Target(call)), static (answer, exported) =>
            {
                WriteEncrypted(answer, exported.Encrypted);
                answer.Base64("ExportedDataKey", exported.Exported);
            });
    }

    public static void WriteEncrypted(AliyunWriter answer, Encrypted encrypted)
    {
        answer.String("KeyId", encrypted.KeyId);
        answer.String("KeyVersionId", encrypted.KeyVersionId);
        answer.Base64("CiphertextBlob", encrypted.Ciphertext);
    }

    public static void WriteDecrypted(AliyunWriter answer, Decrypted decrypted)
    {
        answer.String("KeyId", decrypted.KeyId);
        answer.String("KeyVersionId", decrypted.KeyVersionId);
        if (decrypted.Form == PlaintextForm.VerbatimText) answer.Utf8("Plaintext", decrypted.Plaintext.Span);
        else answer.Base64("Plaintext", decrypted.Plaintext.Span);
    }

    private static byte[] Ciphertext(AliyunCall call) =>
        call.Bind.Base64("CiphertextBlob", Envelope.Overhead + Envelope.MostPlaintext);

    // NumberOfBytes wins over KeySpec (seed 001, 4.12).
    private static int NumberOfBytes(AliyunCall call)
    {
        var ofSpec = call.Bind.Choice("KeySpec", 32, ("AES_256", 32), ("AES_128", 16));
        return (int)(call.Bind.OptionalInteger("NumberOfBytes", 1, MostDataKeyBytes) ?? ofSpec);
    }

    // A bare ciphertext says nothing of its key, so whoever names one of the three names all of them.
    private static ReEncrypt.AsymmetricSource? AsymmetricSource(AliyunCall call)
    {
        string[] names = ["SourceKeyId", "SourceKeyVersionId", "SourceEncryptionAlgorithm"];
        if (!names.Any(call.Bind.IsGiven)) return null;
        var key = call.Bind.KeyOrAlias(names[0]);
        var version = call.Bind.KeyVersionId(names[1]);
        return new ReEncrypt.AsymmetricSource(key, version, AsymmetricActions.EncryptionAlgorithmOf(call, names[2]));
    }

    private static ExportTarget Target(AliyunCall call)
    {
        var type = call.Bind.RequiredChoice(
            "WrappingKeySpec", ("RSA_2048", KeyType.Rsa2048), ("EC_SM2", KeyType.EcSm2));
        var algorithm = AsymmetricActions.EncryptionAlgorithmOf(call, "WrappingAlgorithm");
        if (!type.Has(algorithm)) call.Bind.Invalid("WrappingAlgorithm");
        return new ExportTarget(type, algorithm, call.Bind.Base64("PublicKeyBlob", LongestPublicKey));
    }
}
