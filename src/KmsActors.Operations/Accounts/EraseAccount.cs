using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>
/// Erases the context's account with all that it has, once that is due: a part of it at a time, so that other
/// reminders have their turn, and again from where it was after a crash.
/// </summary>
public static class EraseAccount
{
    /// <summary>How many grains one commit erases.</summary>
    internal const int Batch = 64;

    /// <summary>How many batches one run erases.</summary>
    internal const int MostBatches = 32;

    // Keys last: they would take all their aliases with them in one commit, however many those are.
    private static readonly GrainKind[] OfProjects = [GrainKind.Alias, GrainKind.ImportToken, GrainKind.Cmk];
    private static readonly GrainKind[] OfAccount = [GrainKind.AuthToken, GrainKind.Group, GrainKind.User];

    /// <summary>Erases a part; true when nothing is left to be done.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer; it is to be tried again.</exception>
    public static async ValueTask<bool> RunAsync(OperationContext context)
    {
        var begun = await context.Kms.Host.InTurn<AccountGrain, bool>(
            GrainId.OfAccount(context.Account), context.Turn, account => account.BeginErasure(), context.Cancellation);
        if (begun.Refused(out _)) return false;
        if (!begun.Value) return true;
        if (await context.ReadAccountAsync() is not { } account) return true;
        var left = MostBatches;
        string?[] projects = [null, .. account.Projects.Keys];
        foreach (var owner in projects.Select(project => KeyOwner.Of(context.Account, project)))
        {
            foreach (var kind in OfProjects) left = await EraseAsync(context, kind, owner, left);
        }

        foreach (var kind in OfAccount) left = await EraseAsync(context, kind, context.Account, left);
        if (left == 0) return false;
        await EraseAsync(context, account.AccessKeys.Select(GrainId.OfAccessKey));
        var ended = await context.InAccountTurn(grain => grain.EndErasure());
        return !ended.Refused(out _);
    }

    /// <summary>Erases grains of a kind in up to <paramref name="left"/> batches; how many are left then.</summary>
    private static async ValueTask<int> EraseAsync(OperationContext context, GrainKind kind, string owner, int left)
    {
        while (left > 0)
        {
            var names = await context.Kms.Listings.NamesAsync(
                kind, owner, Rows.All, "", Batch, context.Cancellation);
            if (names.Count == 0) break;
            var ids = names.Select(name => new GrainId(kind, owner, name)).ToList();
            if (kind == GrainKind.User) ids.AddRange(await AccessKeysOfAsync(context, ids));
            await EraseAsync(context, ids);
            left--;
        }

        return left;
    }

    private static async ValueTask<List<GrainId>> AccessKeysOfAsync(OperationContext context, List<GrainId> users)
    {
        var keys = new List<GrainId>();
        foreach (var id in users)
        {
            var snapshot = await context.Kms.Host.ReadAsync(id, context.Cancellation);
            if (snapshot.State<UserState>() is { } user) keys.AddRange(user.AccessKeys.Select(GrainId.OfAccessKey));
        }

        return keys;
    }

    private static async ValueTask EraseAsync(OperationContext context, IEnumerable<GrainId> ids)
    {
        var all = ids.Distinct().ToArray();
        if (all.Length == 0) return;
        await context.Kms.Host.InTurn<Done>(
            all,
            context.Turn,
            grains =>
            {
                foreach (var grain in grains)
                {
                    // An access key that was deleted may be somebody else's by now.
                    var isOthers = grain is AccessKeyGrain { Exists: true } key && key.State.Account != context.Account;
                    if (!isOthers) grain.EraseWithAccount();
                }

                return default(Done);
            },
            context.Cancellation);
    }
}
