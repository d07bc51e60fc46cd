using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Gives a grant of a CMK up, on behalf of whom it is for (dialects, Huawei, section 8).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="GrantId">The grant.</param>
public sealed record RetireGrant(string KeyId, string GrantId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.RetireGrant(GrantId));
}
