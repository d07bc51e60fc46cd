using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Has a CMK rotate by itself (dialects, Huawei, section 8). If it does already, it stays as it is.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Interval">How often, 7 to 730 days.</param>
public sealed record EnableKeyRotation(string KeyId, TimeSpan Interval) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) => context.InCmkTurn(
        KeyId, cmk => cmk.UpdateRotationPolicy(cmk.Exists ? cmk.State.RotationInterval ?? Interval : Interval));
}
