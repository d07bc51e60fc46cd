using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists the versions of a CMK, oldest first.</summary>
/// <param name="Key">The key, by id or alias.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListKeyVersions(KeyReference Key, long Offset, int Limit) : IOperation<Page<CmkVersion>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<CmkVersion>>> RunAsync(OperationContext context)
    {
        var keyId = await context.ResolveAsync(Key);
        if (keyId.Refused(out var refusal)) return refusal;
        var state = await context.ReadCmkAsync(keyId.Value, KeyCommand.Read);
        if (state.Refused(out refusal)) return refusal;
        var versions = state.Value.Versions;
        var first = (int)Math.Min(Offset, versions.Length);
        var count = Math.Min(Limit, versions.Length - first);
        var page = versions.Slice(first, count).Select(version => CmkVersion.Of(keyId.Value, version));
        return new Page<CmkVersion>([.. page], versions.Length);
    }
}
