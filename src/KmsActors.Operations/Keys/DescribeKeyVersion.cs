using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes a version of a CMK.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="VersionId">The version.</param>
public sealed record DescribeKeyVersion(string KeyId, string VersionId) : IOperation<CmkVersion>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<CmkVersion>> RunAsync(OperationContext context)
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.Read);
        if (state.Refused(out var refusal)) return refusal;
        return state.Value.IndexOf(VersionId) is { } index
            ? CmkVersion.Of(KeyId, state.Value.Versions[index])
            : new Refusal(RefusalCode.KeyVersionNotFound);
    }
}
