using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Encrypts with the public key of an asymmetric CMK (dialects, section 5).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="VersionId">The key's version, or null for the newest.</param>
/// <param name="Algorithm">One of the key's kind.</param>
/// <param name="Plaintext">1 byte to as many as the algorithm takes.</param>
public sealed record AsymmetricEncrypt(
    KeyReference Key, string? VersionId, EncryptionAlgorithm Algorithm, ReadOnlyMemory<byte> Plaintext)
    : IOperation<Encrypted>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Encrypted>> RunAsync(OperationContext context)
    {
        return context.UseKeyPairAsync<Encrypted>(
            Key, VersionId, KeyCommand.AsymmetricEncryptDecrypt, (pair, type, version) =>
            {
                if (!type.Has(Algorithm)) return Refusal.Invalid("Algorithm");
                if (Plaintext.Length > type.MostPlaintext(Algorithm)) return Refusal.Invalid("Plaintext");
                return new Encrypted(version.KeyId, version.VersionId, pair.Encrypt(Algorithm, Plaintext.Span));
            });
    }
}
