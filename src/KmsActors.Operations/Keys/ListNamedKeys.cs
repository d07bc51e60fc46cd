using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists of the CMKs that are named those there are, each once, in order of creation (seed 002).</summary>
/// <param name="KeyIds">The keys; a few, as each is looked at.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListNamedKeys(IReadOnlyCollection<string> KeyIds, int Offset, int Limit) : IOperation<Page<string>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<string>>> RunAsync(OperationContext context)
    {
        if (context.Rights.ForbidsKeyless() is { } refusal) return refusal;
        var found = (await context.DescribeAsync([.. KeyIds.Distinct()]))
            .Where(key => context.Rights.Projects.Contains(key.State.EnterpriseProject))
            .OrderBy(key => key.State.CreatedAt).ThenBy(key => key.KeyId, StringComparer.Ordinal)
            .Select(key => key.KeyId)
            .ToArray();
        return new Page<string>([.. found.Skip(Offset).Take(Limit)], found.Length);
    }
}
