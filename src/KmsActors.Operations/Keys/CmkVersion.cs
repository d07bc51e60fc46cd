using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>A version of a CMK as its owner sees it.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="VersionId">The version.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record CmkVersion(string KeyId, string VersionId, DateTimeOffset CreatedAt)
{
    internal static CmkVersion Of(string keyId, KeyVersion version) => new(keyId, version.Id, version.CreatedAt);
}
