using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Moves a ciphertext to another key or context without showing its plaintext.</summary>
/// <param name="Ciphertext">The envelope.</param>
/// <param name="SourceContext">As when it was encrypted.</param>
/// <param name="Destination">The key to encrypt with, by id or alias.</param>
/// <param name="DestinationContext">Must be given again to decrypt the result.</param>
public sealed record ReEncrypt(
    ReadOnlyMemory<byte> Ciphertext,
    EncryptionContext SourceContext,
    KeyReference Destination,
    EncryptionContext DestinationContext) : IOperation<Encrypted>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Encrypted>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Destination);
        if (keyId.Refused(out var refusal)) return refusal;
        var decrypted = await context.DecryptAsync(Ciphertext, SourceContext);
        if (decrypted.Refused(out refusal)) return refusal;
        using var source = decrypted.Value;
        return await context.EncryptAsync(
            keyId.Value, source.Plaintext.Memory, source.Form, DestinationContext);
    }
}
