using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Turns of the context's account, alone or with access keys and those who hold them.</summary>
internal static class AccountTurns
{
    public static ValueTask<Outcome<Done>> InAccountTurn(
        this OperationContext context, Func<AccountGrain, Outcome<Done>> turn) =>
        context.Kms.Host.InTurn(GrainId.OfAccount(context.Account), context.Turn, turn, context.Cancellation);

    /// <summary>A turn over access keys and their holder, a user of the account or (null) the account itself.</summary>
    public static ValueTask<Outcome<T>> InAccessKeyTurn<T>(
        this OperationContext context,
        string? user,
        IReadOnlyList<string> accessKeyIds,
        Func<IReadOnlyList<AccessKeyGrain>, AccountGrain, UserGrain?, Outcome<T>> turn)
    {
        GrainId[] ids =
        [
            .. accessKeyIds.Select(GrainId.OfAccessKey),
            GrainId.OfAccount(context.Account),
            .. user is null ? Array.Empty<GrainId>() : [GrainId.OfUser(context.Account, user)],
        ];
        var keys = accessKeyIds.Count;
        return context.Kms.Host.InTurn(
            ids,
            context.Turn,
            grains => turn(
                [.. grains.Take(keys).Cast<AccessKeyGrain>()],
                (AccountGrain)grains[keys],
                user is null ? null : (UserGrain)grains[keys + 1]),
            context.Cancellation);
    }

    /// <summary>One of the account's access keys, or AccessKeyNotFound.</summary>
    public static async ValueTask<Outcome<AccessKeyState>> ReadAccessKeyAsync(
        this OperationContext context, string accessKeyId)
    {
        var snapshot = await context.Kms.Host.ReadAsync(GrainId.OfAccessKey(accessKeyId), context.Cancellation);
        return snapshot.State<AccessKeyState>() is { } state && state.Account == context.Account
            ? state
            : new Refusal(RefusalCode.AccessKeyNotFound);
    }
}
