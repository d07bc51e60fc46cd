using System.Text;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Server.Tests;

/// <summary>Operations of the first account that must not be refused, without HTTP.</summary>
internal static class DirectCalls
{
    private const string Account = "1000000000000001";

    /// <summary>The text "secret", encrypted with a new key.</summary>
    public static async Task<byte[]> EncryptAsync(this Kms kms, ProtectionLevel level = ProtectionLevel.Software)
    {
        var key = await kms.OkAsync(new CreateKey { ProtectionLevel = level });
        var encrypted = await kms.OkAsync(new Encrypt(
            KeyReference.ById(key.KeyId), "secret"u8.ToArray(), PlaintextForm.Bytes, EncryptionContext.Empty));
        return encrypted.Ciphertext;
    }

    public static async Task<string> DecryptAsync(this Kms kms, byte[] ciphertext)
    {
        using var decrypted = await kms.OkAsync(new Decrypt(ciphertext, EncryptionContext.Empty));
        return Encoding.UTF8.GetString(decrypted.Plaintext.Span);
    }

    public static async Task<T> OkAsync<T>(this Kms kms, IOperation<T> operation)
    {
        var context = new OperationContext(kms, Account, new TurnContext("test", ""), CancellationToken.None)
        {
            Rights = Rights.Full,
        };
        var outcome = await operation.RunAsync(context);
        Assert.False(outcome.Refused(out var refusal), $"{operation}: {refusal}");
        return outcome.Value;
    }
}
