using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Turns over an alias and the CMK it stands for, which has to be found out before.</summary>
internal static class AliasTurns
{
    /// <summary>
    /// Runs a turn over an existing alias, the CMK it stands for, and, where one is named,
    /// <paramref name="targetKeyId"/>, which may be the same.
    /// </summary>
    /// <param name="context">Whose alias.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="targetKeyId">Another CMK that the turn is to have, or null.</param>
    /// <param name="turn">Takes the alias, its CMK, and the target or, without one, its CMK again.</param>
    public static ValueTask<Outcome<Done>> InAliasTurnAsync(
        this OperationContext context,
        string alias,
        string? targetKeyId,
        Func<AliasGrain, CmkGrain, CmkGrain, Outcome<Done>> turn)
    {
        var aliasId = context.Alias(alias);
        return Attempts.MakeAsync(async () =>
        {
            var snapshot = await context.Kms.Host.ReadAsync(aliasId, context.Cancellation);
            if (snapshot.State<AliasState>()?.KeyId is not { } keyId) return new Refusal(RefusalCode.AliasNotFound);
            var ids = new[] { aliasId, context.Cmk(keyId), context.Cmk(targetKeyId ?? keyId) }.Distinct().ToArray();
            return await context.Kms.Host.InTurn<bool>(
                ids,
                context.Turn,
                grains =>
                {
                    var grain = (AliasGrain)grains[0];
                    if (grain.Exists && grain.State.KeyId != keyId) return false;
                    var key = context.ByRules((CmkGrain)grains[1]);
                    var done = turn(grain, key, context.ByRules((CmkGrain)grains[^1]));
                    return done.Refused(out var no) ? no : true;
                },
                context.Cancellation);
        });
    }

    /// <summary>
    /// Whether a CMK has this name of its own already (null: none); in a turn, as whoever is told counts on it as much
    /// as on a change.
    /// </summary>
    public static ValueTask<Outcome<bool>> IsNamedAsync(this OperationContext context, string keyId, string? name) =>
        context.InCmkTurn<bool>(keyId, key =>
            key.Forbids(KeyCommand.UpdateAlias) is { } refusal ? refusal : key.State.Alias == name);
}
