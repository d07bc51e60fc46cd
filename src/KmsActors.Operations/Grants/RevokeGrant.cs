using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes a grant of a CMK back (dialects, Huawei, section 8).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="GrantId">The grant.</param>
public sealed record RevokeGrant(string KeyId, string GrantId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.RevokeGrant(GrantId));
}
