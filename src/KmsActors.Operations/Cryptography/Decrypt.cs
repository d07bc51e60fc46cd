using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Decrypts a ciphertext with the key it names itself (seed 001, 4.13; seed 003, 4.1.18).</summary>
/// <param name="Ciphertext">The envelope.</param>
/// <param name="EncryptionContext">As when it was encrypted.</param>
public sealed record Decrypt(ReadOnlyMemory<byte> Ciphertext, EncryptionContext EncryptionContext)
    : IOperation<Decrypted>
{
    /// <summary>The only key that may have made it, where the caller names one.</summary>
    public string? KeyId { get; init; }

    /// <inheritdoc/>
    public ValueTask<Outcome<Decrypted>> RunAsync(OperationContext context) =>
        context.DecryptAsync(Ciphertext, EncryptionContext, KeyId);
}
