using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Signs a digest or a message with the private key of an asymmetric CMK (dialects, section 5).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="VersionId">The key's version, or null for the newest.</param>
/// <param name="Algorithm">One of the key's kind.</param>
/// <param name="Content">What is to be signed.</param>
public sealed record AsymmetricSign(
    KeyReference Key, string? VersionId, SignatureAlgorithm Algorithm, SignedContent Content)
    : IOperation<AsymmetricSign.Result>
{
    /// <summary>A signature.</summary>
    /// <param name="KeyId">The key.</param>
    /// <param name="KeyVersionId">The key's version.</param>
    /// <param name="Signature">As long as an RSA modulus, or DER.</param>
    public sealed record Result(string KeyId, string KeyVersionId, byte[] Signature);

    /// <inheritdoc/>
    public ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        return context.UseKeyPairAsync<Result>(Key, VersionId, KeyCommand.SignVerify, (pair, type, version) =>
            type.Has(Algorithm)
                ? new Result(version.KeyId, version.VersionId, pair.Sign(Algorithm, Content.DigestFor(pair)))
                : Refusal.Invalid("Algorithm"));
    }
}
