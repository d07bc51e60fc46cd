using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Hands out the public key of an asymmetric CMK's version; the private one is never (seed 004).</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="VersionId">The key's version, or null for the newest.</param>
public sealed record GetPublicKey(KeyReference Key, string? VersionId) : IOperation<GetPublicKey.Result>
{
    /// <summary>A public key.</summary>
    /// <param name="KeyId">The key.</param>
    /// <param name="KeyVersionId">The key's version.</param>
    /// <param name="PublicKey">DER, SubjectPublicKeyInfo.</param>
    public sealed record Result(string KeyId, string KeyVersionId, byte[] PublicKey);

    /// <inheritdoc/>
    public ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        return context.UseKeyPairAsync<Result>(
            Key, VersionId, KeyCommand.GetPublicKey, (pair, _, version) =>
                new Result(version.KeyId, version.VersionId, pair.PublicKey));
    }
}
