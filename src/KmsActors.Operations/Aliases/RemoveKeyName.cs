using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Leaves a CMK without a name of its own: the alias that was it goes in the same commit. Of a key without one it
/// changes nothing.
/// </summary>
/// <param name="KeyId">The key.</param>
public sealed record RemoveKeyName(string KeyId) : IOperation<Done>
{
    // As in RenameKey: only as often as somebody else renames the key.
    private const int MostAttempts = 16;

    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var state = await context.ReadCmkAsync(KeyId, KeyCommand.UpdateAlias);
            if (state.Refused(out var refusal)) return refusal;
            if (state.Value.Alias is not { } name) return default(Done);
            var removed = await RemoveAsync(context, name);
            if (removed.Refused(out refusal)) return refusal;
            if (removed.Value) return default(Done);
        }

        return new Refusal(RefusalCode.Unavailable);
    }

    /// <summary>False when <paramref name="name"/> is not the key's name any more.</summary>
    private ValueTask<Outcome<bool>> RemoveAsync(OperationContext context, string name) =>
        context.Kms.Host.InTurn<CmkGrain, AliasGrain, bool>(
            context.Cmk(KeyId),
            GrainId.OfAlias(context.Account, name),
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
