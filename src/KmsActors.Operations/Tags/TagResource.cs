using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Adds tags to a CMK, overwriting those of the same key (seed 001, 4.19).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Tags">The tags, checked for length and characters by the protocol.</param>
public sealed record TagResource(string KeyId, IReadOnlyCollection<KeyValuePair<string, string>> Tags)
    : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var most = await context.QuotaAsync(Quota.TagsPerKey);
        return await context.InCmkTurn(KeyId, cmk => cmk.Tag(Tags, most));
    }
}
