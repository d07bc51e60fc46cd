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
        var found = new List<(DateTimeOffset CreatedAt, string KeyId)>();
        foreach (var keyId in KeyIds.Distinct())
        {
            var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(keyId), context.Cancellation);
            var isListed = snapshot.State<CmkState>() is { } state
                && !state.IsGoneAt(context.Now)
                && context.Rights.Projects.Contains(state.EnterpriseProject);
            if (isListed) found.Add((snapshot.State<CmkState>()!.CreatedAt, keyId));
        }

        var page = found.OrderBy(key => key.CreatedAt).ThenBy(key => key.KeyId, StringComparer.Ordinal)
            .Skip(Offset).Take(Limit).Select(key => key.KeyId);
        return new Page<string>([.. page], found.Count);
    }
}
