using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Encrypts a little data with a CMK (seed 001, 4.11).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="Plaintext">Up to <see cref="Envelope.MostPlaintext"/> bytes.</param>
/// <param name="Form">How the plaintext was given.</param>
/// <param name="EncryptionContext">Must be given again to decrypt.</param>
public sealed record Encrypt(
    KeyReference Key, ReadOnlyMemory<byte> Plaintext, PlaintextForm Form, EncryptionContext EncryptionContext)
    : IOperation<Encrypted>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Encrypted>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Key, makesDefaultKey: true);
        return keyId.Refused(out var refusal)
            ? refusal
            : await context.EncryptAsync(keyId.Value, Plaintext, Form, EncryptionContext);
    }
}
