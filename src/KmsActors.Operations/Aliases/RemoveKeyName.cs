using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Leaves a CMK without a name of its own: the alias that was it goes in the same commit. Of a key without one it
/// changes nothing.
/// </summary>
/// <param name="KeyId">The key.</param>
public sealed record RemoveKeyName(string KeyId) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) => Attempts.MakeAsync(async () =>
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.UpdateAlias);
        if (state.Refused(out var refusal)) return refusal;
        return state.Value.Alias is { } name
            ? await RemoveAsync(context, name)
            : await context.IsNamedAsync(KeyId, null);
    });

    /// <summary>False when <paramref name="name"/> is not the key's name any more.</summary>
    private ValueTask<Outcome<bool>> RemoveAsync(OperationContext context, string name) =>
        context.Kms.Host.InTurn<CmkGrain, AliasGrain, bool>(
            context.Cmk(KeyId),
            context.Alias(name),
            context.Turn,
            (cmk, alias) =>
            {
                var key = context.ByRules(cmk);
                if (key.Forbids(KeyCommand.UpdateAlias) is { } forbidden) return forbidden;
                if (key.State.Alias != name) return false;
                var deleted = alias.Delete(key);
                return deleted.Refused(out var refusal) ? refusal : true;
            },
            context.Cancellation);
}
