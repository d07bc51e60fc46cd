using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Decrypts a ciphertext with the key it names itself (seed 001, 4.13; seed 003, 4.1.18).</summary>
/// <param name="Ciphertext">The envelope.</param>
/// <param name="EncryptionContext">As when it was encrypted.</param>
public sealed record Decrypt(ReadOnlyMemory<byte> Ciphertext, EncryptionContext EncryptionContext)
    : IOperation<Decrypted>
{
    /// <summary>The only key that may have made it, where the caller names one (seed 003, 4.1.12).</summary>
    public string? KeyId { get; init; }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Decrypted>> RunAsync(OperationContext context)
    {
        if (KeyId is null) return await context.DecryptAsync(Ciphertext, EncryptionContext);
        // What is wrong with the key comes before what is wrong with the ciphertext.
        var key = await context.ReadCmkAsync(KeyId, KeyCommand.EncryptDecrypt);
        return key.Refused(out var refusal)
            ? refusal
            : await context.DecryptAsync(Ciphertext, EncryptionContext, KeyId);
    }
}
