using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What a tenant does with names of keys.</summary>
internal static class AliasActs
{
    /// <summary>The name of a service's default master key.</summary>
    public const string DefaultName = "obs/default";

    private const int MostNames = 6;

    /// <summary>Gives a key a name, which may be another's.</summary>
    public static Task CreateAsync(Session session) => session.Tenant.Keys.Count == 0
        ? Task.CompletedTask
        : CreateAsync(session, $"name-{session.Chance.Below(MostNames)}", session.Chance.OneOf(session.Tenant.Keys).Id);

    /// <summary>Gives one key this name.</summary>
    public static async Task CreateAsync(Session session, string alias, string keyId)
    {
        var (call, _) = await session.CallAsync(PolicyAction.CreateAlias, new CreateAlias(alias, keyId));
        if (!session.Tenant.Aliases.Contains(alias)) session.Tenant.Aliases.Add(alias);
        if (!session.IsAnswered(call)) return;
        var targets = session.Judge.Targets(call, alias);
        if (call.Refusal == RefusalCode.AliasExists && targets.Any(target => target is not null)) return;
        if (call.Refusal == RefusalCode.LimitExceeded)
        {
            session.Judge.AtLimit(call, GrainKind.Alias);
            return;
        }

        session.Judge.Key(call, keyId, KeyCommand.CreateAlias);
        if (call.Refusal is null) session.Judge.Done(call, Id(session, alias), version => version.AliasOf == keyId);
    }

    /// <summary>Has a name stand for another key.</summary>
    public static Task MoveAsync(Session session) => session.Tenant.Aliases.Count == 0
        ? Task.CompletedTask
        : MoveAsync(
            session, session.Chance.OneOf(session.Tenant.Aliases), session.Chance.OneOf(session.Tenant.Keys).Id);

    /// <summary>Has this name stand for one key.</summary>
    public static async Task MoveAsync(Session session, string alias, string keyId)
    {
        var (call, _) = await session.CallAsync(PolicyAction.RenameKey, new UpdateAlias(alias, keyId));
        if (!session.IsAnswered(call) || IsNotFound(session, call, alias) || IsKept(session, call, alias)) return;
        session.Judge.Key(call, keyId, KeyCommand.UpdateAlias);
        if (call.Refusal is null) session.Judge.Done(call, Id(session, alias), version => version.AliasOf == keyId);
    }

    /// <summary>Takes a name away.</summary>
    public static async Task DeleteAsync(Session session)
    {
        if (session.Tenant.Aliases.Count == 0) return;
        var alias = session.Chance.OneOf(session.Tenant.Aliases);
        var (call, _) = await session.CallAsync(PolicyAction.DeleteAlias, new DeleteAlias(alias));
        if (!session.IsAnswered(call) || IsNotFound(session, call, alias) || IsKept(session, call, alias)) return;
        if (call.Refusal is not null) throw new Violation(Rules.WrongRefusal, $"{call} of {alias}");
        session.Judge.Done(call, Id(session, alias), version => version.Stored is null);
    }

    /// <summary>Gives a key a name of its own.</summary>
    public static async Task RenameAsync(Session session)
    {
        if (session.Tenant.Keys.Count == 0) return;
        var (keyId, alias) = (session.Chance.OneOf(session.Tenant.Keys).Id, $"name-{session.Chance.Below(MostNames)}");
        var (call, _) = await session.CallAsync(PolicyAction.RenameKey, new RenameKey(keyId, alias));
        if (!session.Tenant.Aliases.Contains(alias)) session.Tenant.Aliases.Add(alias);
        if (!session.IsAnswered(call)) return;
        var isTaken = session.Judge.Targets(call, alias).Any(target => target is not null);
        if (call.Refusal == RefusalCode.AliasExists && isTaken) return;
        if (call.Refusal == RefusalCode.LimitExceeded)
        {
            session.Judge.AtLimit(call, GrainKind.Alias);
            return;
        }

        session.Judge.Key(call, keyId, KeyCommand.UpdateAlias);
        if (call.Refusal is null) session.Judge.Done(call, Id(session, alias), version => version.AliasOf == keyId);
    }

    /// <summary>Leaves a key without a name of its own.</summary>
    public static Task RemoveNameAsync(Session session) => KeyActs.ChangeAsync(
        session,
        PolicyAction.RenameKey,
        KeyCommand.UpdateAlias,
        key => new RemoveKeyName(key),
        key => key.Alias is null);

    /// <summary>Why a default master key is not made.</summary>
    public static Reason[] NoDefaultKey(Session session) =>
    [
        Reason.ClosedAccount(session.Tenant.Account),
        Reason.NoAccount(session.Tenant.Account) with { Code = RefusalCode.KeyNotFound },
    ];

    /// <summary>Has the tenant know its default master key.</summary>
    public static void LearnDefaultKey(Session session, string keyId)
    {
        var tenant = session.Tenant;
        if (!tenant.Aliases.Contains(DefaultName)) tenant.Aliases.Add(DefaultName);
        if (!tenant.Keys.Exists(key => key.Id == keyId)) tenant.Keys.Add(new KnownKey(keyId, KeySpec.Aes256, null));
    }

    private static bool IsNotFound(Session session, CallRecord call, string alias) =>
        call.Refusal == RefusalCode.AliasNotFound && session.Judge.Targets(call, alias).Contains(null);

    // A default master key keeps its name.
    private static bool IsKept(Session session, CallRecord call, string alias) =>
        call.Refusal == RefusalCode.DefaultKeyProtected
        && alias.EndsWith("/default", StringComparison.Ordinal)
        && session.Judge.Targets(call, alias).Any(target => target is not null);

    private static GrainId Id(Session session, string alias) => GrainId.OfAlias(session.Tenant.Owner, alias);
}
