using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Has a symmetric CMK of our own making rotate by itself, or no longer (dialects, section 5).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Interval">7 to 730 days, or null for no rotation.</param>
public sealed record UpdateRotationPolicy(string KeyId, TimeSpan? Interval) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.UpdateRotationPolicy(Interval));
}
