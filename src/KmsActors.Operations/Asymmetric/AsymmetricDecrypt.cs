using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Decrypts with the private key of an asymmetric CMK (dialects, section 5).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="VersionId">The version whose public key encrypted, or null for the newest.</param>
/// <param name="Algorithm">As when it was encrypted.</param>
/// <param name="Ciphertext">The bare ciphertext; whoever holds the public key may have made it.</param>
public sealed record AsymmetricDecrypt(
    KeyReference Key, string? VersionId, EncryptionAlgorithm Algorithm, ReadOnlyMemory<byte> Ciphertext)
    : IOperation<Decrypted>
{
    /// <summary>What the caller calls <see cref="Algorithm"/>.</summary>
    internal string AlgorithmName { get; init; } = nameof(Algorithm);

    /// <inheritdoc/>
    public ValueTask<Outcome<Decrypted>> RunAsync(OperationContext context)
    {
        return context.UseKeyPairAsync<Decrypted>(
            Key, VersionId, KeyCommand.AsymmetricEncryptDecrypt, (pair, type, version) =>
            {
                if (!type.Has(Algorithm)) return Refusal.Invalid(AlgorithmName);
                return pair.TryDecrypt(Algorithm, Ciphertext.Span) is { } plaintext
                    ? new Decrypted(version.KeyId, version.VersionId, plaintext, PlaintextForm.Bytes)
                    : new Refusal(RefusalCode.CiphertextInvalid);
            });
    }
}
