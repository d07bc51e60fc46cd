using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Moves a ciphertext to another key, version or context without showing its plaintext.</summary>
/// <param name="Ciphertext">The envelope, or the bare ciphertext of an asymmetric key.</param>
/// <param name="SourceContext">As when it was encrypted.</param>
/// <param name="Destination">The symmetric key to encrypt with, by id or alias.</param>
/// <param name="DestinationContext">Must be given again to decrypt the result.</param>
public sealed record ReEncrypt(
    ReadOnlyMemory<byte> Ciphertext,
    EncryptionContext SourceContext,
    KeyReference Destination,
    EncryptionContext DestinationContext) : IOperation<Encrypted>
{
    /// <summary>What an asymmetric ciphertext does not say of itself.</summary>
    /// <param name="Key">The key, by id or alias.</param>
    /// <param name="VersionId">The version whose public key encrypted.</param>
    /// <param name="Algorithm">As when it was encrypted.</param>
    public sealed record AsymmetricSource(KeyReference Key, string VersionId, EncryptionAlgorithm Algorithm);

    /// <summary>The source, when it is asymmetric.</summary>
    public AsymmetricSource? Source { get; init; }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Encrypted>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Destination);
        if (keyId.Refused(out var refusal)) return refusal;
        var decrypted = await DecryptAsync(context);
        if (decrypted.Refused(out refusal)) return refusal;
        using var source = decrypted.Value;
        return await context.EncryptAsync(
            keyId.Value, source.Plaintext.Memory, source.Form, DestinationContext);
    }

    private ValueTask<Outcome<Decrypted>> DecryptAsync(OperationContext context)
    {
        if (Source is null) return context.DecryptAsync(Ciphertext, SourceContext);
        var decrypt = new AsymmetricDecrypt(Source.Key, Source.VersionId, Source.Algorithm, Ciphertext)
        {
            AlgorithmName = "SourceEncryptionAlgorithm",
        };
        return decrypt.RunAsync(context);
    }
}
