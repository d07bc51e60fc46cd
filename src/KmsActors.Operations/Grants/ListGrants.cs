using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Lists the grants of a CMK, oldest first (dialects, Huawei, section 8).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">The most to return.</param>
public sealed record ListGrants(string KeyId, int Offset, int Limit) : IOperation<Page<KeyGrant>>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Page<KeyGrant>>> RunAsync(OperationContext context)
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.Read);
        if (state.Refused(out var refusal)) return refusal;
        var grants = state.Value.Grants;
        return new Page<KeyGrant>([.. grants.Skip(Offset).Take(Limit)], grants.Length);
    }
}
