using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Changes how often a CMK rotates by itself, if it does (dialects, Huawei, section 8).</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Interval">7 to 730 days.</param>
public sealed record ChangeRotationInterval(string KeyId, TimeSpan Interval) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) =>
        context.InCmkTurn(KeyId, cmk => cmk.ChangeRotationInterval(Interval));
}
