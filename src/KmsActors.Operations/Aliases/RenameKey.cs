using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Gives a CMK another name of its own: the alias that was it goes, the new one comes, in one commit (seed
/// 003, 4.1.15).
/// </summary>
/// <param name="KeyId">The key.</param>
/// <param name="Alias">1 to 255 characters, free or the key's own already.</param>
public sealed record RenameKey(string KeyId, string Alias) : IOperation<Done>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<Done>> RunAsync(OperationContext context) => Attempts.MakeAsync(async () =>
    {
        var state = await context.ReadCmkAsync(KeyId, KeyCommand.UpdateAlias);
        if (state.Refused(out var refusal)) return refusal;
        return state.Value.Alias == Alias
            ? await context.IsNamedAsync(KeyId, Alias)
            : await RenameAsync(context, state.Value.Alias);
    });

    /// <summary>False when <paramref name="before"/> is not the key's name any more.</summary>
    private async ValueTask<Outcome<bool>> RenameAsync(OperationContext context, string? before)
    {
        GrainId[] ids =
        [
            context.Cmk(KeyId),
            context.Alias(Alias),
            .. before is null ? Array.Empty<GrainId>() : [context.Alias(before)],
        ];
        var most = await context.QuotaAsync(Quota.Aliases);
        return await context.Kms.Host.InTurn<bool>(
            ids,
            context.Turn,
            grains =>
            {
                var key = context.ByRules((CmkGrain)grains[0]);
                if (key.Exists && key.State.Alias != before) return false;
                var alias = (AliasGrain)grains[1];
                var named = alias.Name(
                    key, before is null ? null : (AliasGrain)grains[2], most);
                return named.Refused(out var refusal) ? refusal : true;
            },
            context.Cancellation);
    }
}
