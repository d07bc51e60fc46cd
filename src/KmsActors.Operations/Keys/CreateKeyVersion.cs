using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Adds a version to an asymmetric CMK, a week or more after the last (dialects, section 5). The earlier
/// versions stay as good as they were.
/// </summary>
/// <param name="Key">The key, by id or alias.</param>
public sealed record CreateKeyVersion(KeyReference Key) : IOperation<CmkVersion>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<CmkVersion>> RunAsync(OperationContext context)
    {
        var resolved = await context.ResolveAsync(Key);
        if (resolved.Refused(out var refusal)) return refusal;
        var keyId = resolved.Value;

        // Refused before a key pair is made for it; the turn asks again.
        var snapshot = await context.Kms.Host.ReadAsync(context.Cmk(keyId), context.Cancellation);
        var state = snapshot.State<CmkState>();
        if (CmkGrain.ForbidsVersion(keyId, state, context.Now, context.Rules) is { } forbidden) return forbidden;
        var version = await context.MakeVersionAsync(keyId, state!.Spec, state.ProtectionLevel);
        if (version.Refused(out refusal)) return refusal;
        var created = await context.InCmkTurn(keyId, cmk => cmk.CreateVersion(version.Value));
        return created.Refused(out refusal) ? refusal : CmkVersion.Of(keyId, created.Value);
    }
}
