using System.Text.Unicode;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>A little data, as text: seed 003, 4.1.17 and 4.1.18.</summary>
internal static class DataActions
{
    private const int MostPlaintext = 4096;

    // Base64 of an envelope of 1 to 4096 bytes.
    private const int LeastCiphertext = 188;
    private const int MostCiphertext = 5648;

    /// <summary>
    /// The document's pattern, <c>^.{1,4096}$</c>, would not have line breaks, about which its text says nothing;
    /// they are taken, because keys in PEM are what people encrypt.
    /// </summary>
    public static ValueTask<HuaweiError?> EncryptData(HuaweiCall call)
    {
        var bind = call.Bind;
        var key = KeyReference.ById(bind.KeyId());
        var context = ContextOf(bind);
        var plaintext = bind.SecretText("plain_text", 1, MostPlaintext, HuaweiErrors.PlaintextInvalid);
        return call.RunAsync(
            new Encrypt(key, plaintext, PlaintextForm.VerbatimText, context), static (answer, encrypted) =>
            {
                answer.String("key_id", encrypted.KeyId);
                answer.Base64("cipher_text", encrypted.Ciphertext);
            });
    }

    /// <summary>
    /// What was encrypted as bytes, by another protocol, may be no text; it is given in Base64 then, and in any
    /// case in the field that later editions have for that.
    /// </summary>
    public static ValueTask<HuaweiError?> DecryptData(HuaweiCall call)
    {
        var bind = call.Bind;
        var context = ContextOf(bind);
        var ciphertext = bind.Base64(
            "cipher_text", LeastCiphertext, MostCiphertext, HuaweiErrors.CiphertextInvalid);
        return call.RunAsync(new Decrypt(ciphertext, context), static (answer, decrypted) =>
        {
            var plaintext = decrypted.Plaintext.Span;
            answer.String("key_id", decrypted.KeyId);
            if (Utf8.IsValid(plaintext)) answer.Utf8("plain_text", plaintext);
            else answer.Base64("plain_text", plaintext);
            answer.Base64("plain_text_base64", plaintext);
        });
    }

    // Later editions have two more fields. To pass over one that changes what is asked would be worse than to
    // refuse it.
    private static EncryptionContext ContextOf(FieldBinder bind)
    {
        bind.Choice("encryption_algorithm", 0, HuaweiErrors.ParameterInvalid, ("SYMMETRIC_DEFAULT", 0));
        const string later = "additional_authenticated_data";
        bind.Require(!bind.IsGiven(later), later, HuaweiErrors.ParameterInvalid);
        return bind.Context();
    }
}
