using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Gives a CMK the new version that its rotation policy wants by now; the service's own operation. A key
/// that wants none is left as it is.
/// </summary>
/// <param name="KeyId">The key.</param>
public sealed record RotateKey(string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(KeyId), context.Cancellation);
        var state = snapshot.State<CmkState>();
        if (state is null || !state.IsRotationDueAt(context.Now)) return default(Done);
        var version = await context.MakeVersionAsync(KeyId, state.Spec, state.ProtectionLevel);
        return version.Refused(out var refusal)
            ? refusal
            : await context.InCmkTurn(KeyId, cmk => cmk.Rotate(version.Value));
    }
}
