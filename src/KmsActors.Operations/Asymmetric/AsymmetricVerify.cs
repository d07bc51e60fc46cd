using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>
/// Says whether a signature of a digest or a message is good; one that is not is no error (dialects, section 5).
/// </summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="VersionId">The version that signed, or null for the newest.</param>
/// <param name="Algorithm">As when it was signed.</param>
/// <param name="Content">What was signed.</param>
/// <param name="Signature">Any bytes.</param>
public sealed record AsymmetricVerify(
    KeyReference Key,
    string? VersionId,
    SignatureAlgorithm Algorithm,
    SignedContent Content,
    ReadOnlyMemory<byte> Signature) : IOperation<AsymmetricVerify.Result>
{
    /// <summary>The verdict.</summary>
    /// <param name="KeyId">The key.</param>
    /// <param name="KeyVersionId">The key's version.</param>
    /// <param name="IsGood">Whether the signature is.</param>
    public sealed record Result(string KeyId, string KeyVersionId, bool IsGood);

    /// <inheritdoc/>
    public ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        return context.UseKeyPairAsync<Result>(Key, VersionId, KeyCommand.SignVerify, (pair, type, version) =>
        {
            if (!type.Has(Algorithm)) return Refusal.Invalid("Algorithm");
            var isGood = pair.Verify(Algorithm, Content.DigestFor(pair), Signature.Span);
            return new Result(version.KeyId, version.VersionId, isGood);
        });
    }
}
