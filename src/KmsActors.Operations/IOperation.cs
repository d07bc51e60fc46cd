using System.Collections.Immutable;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>
/// Something the service can do, whatever the protocol. The operation is its own request: a record of
/// parameters that the protocol has checked for form, and the code that carries it out.
/// </summary>
public interface IOperation<TResult>
{
    /// <summary>Carries it out for the caller.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot answer; whether a change took place is unknown.
    /// </exception>
    ValueTask<Outcome<TResult>> RunAsync(OperationContext context);
}

/// <summary>Who asks, and what operations work with.</summary>
/// <param name="Kms">The service.</param>
/// <param name="Account">The caller's account: all that the operation can reach.</param>
/// <param name="Turn">For the audit record.</param>
/// <param name="Cancellation">The caller has gone.</param>
public sealed record OperationContext(Kms Kms, string Account, TurnContext Turn, CancellationToken Cancellation)
{
    /// <summary>The project in which the caller calls; null for the account's first.</summary>
    public string? Project { get; init; }

    /// <summary>Whose keys, aliases and import tokens the operation can reach: see <see cref="KeyOwner"/>.</summary>
    public string Owner => KeyOwner.Of(Account, Project);

    /// <summary>By whose tables keys refuse what their state forbids: those of the caller's protocol.</summary>
    public CmkLifecycle Lifecycle { get; init; } = CmkLifecycle.Aliyun;

    /// <summary>What the caller may do.</summary>
    public Rights Rights { get; init; } = Rights.Full;

    /// <summary>What decides, beside a key's own state, whether the caller may use it.</summary>
    public KeyRules Rules => new(Lifecycle, Rights);

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now => Kms.Time.GetUtcNow();

    /// <summary>The CMK's id within the caller's project.</summary>
    public GrainId Cmk(string keyId) => GrainId.OfCmk(Owner, keyId);

    /// <summary>The id of an alias within the caller's project.</summary>
    public GrainId Alias(string alias) => GrainId.OfAlias(Owner, alias);

    /// <summary>Takes a turn of one of the caller's CMKs.</summary>
    public ValueTask<Outcome<T>> InCmkTurn<T>(string keyId, Func<CmkGrain, Outcome<T>> turn) =>
        Kms.Host.InTurn<CmkGrain, T>(Cmk(keyId), Turn, cmk => turn(ByRules(cmk)), Cancellation);

    /// <summary>The CMK in a turn, set to go by the caller's protocol's tables and the caller's rights.</summary>
    public CmkGrain ByRules(CmkGrain cmk)
    {
        cmk.Lifecycle = Lifecycle;
        cmk.Rights = Rights;
        return cmk;
    }

    /// <summary>The latest state of one of the caller's CMKs, or why <paramref name="command"/> is refused.</summary>
    public async ValueTask<Outcome<CmkState>> ReadCmkAsync(string keyId, KeyCommand command)
    {
        var snapshot = await Kms.Host.ReadAsync(Cmk(keyId), Cancellation);
        var state = snapshot.State<CmkState>();
        return CmkState.Forbids(keyId, state, command, Now, Rules) is { } refusal ? refusal : state!;
    }

    /// <summary>
    /// The id of the CMK that the caller names by id or by alias; a default master key is made when it is first
    /// used.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="makesDefaultKey">Whether the call is a use of the key that may be its first.</param>
    public async ValueTask<Outcome<string>> ResolveAsync(KeyReference key, bool makesDefaultKey = false)
    {
        if (key.Alias is null) return key.KeyId!;
        var snapshot = await Kms.Host.ReadAsync(Alias(key.Alias), Cancellation);
        if (snapshot.State<AliasState>() is { } alias) return alias.KeyId;
        // Whom no policy allows the call learns nothing of which aliases there are, and makes none.
        if (Rights.Forbids("", null) is { Code: RefusalCode.CallForbidden } refusal) return refusal;
        var isFirstUse = makesDefaultKey
            && NamesDefaultKey(key.Alias)
            && Rights.MayUse("", CmkState.DefaultEnterpriseProject, isShared: true);
        return isFirstUse
            ? await new EnsureDefaultKey(key.Alias).RunAsync(this)
            : new Refusal(RefusalCode.AliasNotFound);
    }

    /// <summary>The caller's account, or null when there is none.</summary>
    public ValueTask<AccountState?> ReadAccountAsync() => Kms.ReadAccountAsync(Account, Cancellation);

    /// <summary>The default master keys of the caller's project, by their names.</summary>
    internal ImmutableSortedDictionary<string, string> DefaultKeysIn(AccountState? account) =>
        account?.DefaultKeysOf(Project) ?? ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How much of something the caller's account may have.</summary>
    public async ValueTask<long> QuotaAsync(Quota quota) =>
        Kms.Limits.Of(quota, await ReadAccountAsync());

    /// <summary>Whether an alias is kept for the default master key of one of the operator's services.</summary>
    internal bool NamesDefaultKey(string alias) =>
        CmkState.IsDefaultName(alias)
        && Kms.DefaultKeyServices.Contains(alias[..^CmkState.DefaultSuffix.Length]);
}

/// <summary>A CMK as a caller names it: by id or, where the operation takes them, by alias.</summary>
public readonly record struct KeyReference
{
    /// <summary>The key id, when it was named by id.</summary>
    public string? KeyId { get; private init; }

    /// <summary>The alias without a protocol's prefix, when it was named by alias.</summary>
    public string? Alias { get; private init; }

    /// <summary>By id.</summary>
    public static KeyReference ById(string keyId) => new() { KeyId = keyId };

    /// <summary>By alias.</summary>
    public static KeyReference ByAlias(string alias) => new() { Alias = alias };
}
