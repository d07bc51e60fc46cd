using System.Collections.Immutable;

namespace KmsActors.Grains;

/// <summary>A tenant's state.</summary>
public sealed record AccountState
{
    /// <summary>When the account was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The ids of its default master keys, by their names. They do not count against what it may have
    /// (seed 003, 4.1.14). A state stored before there were any does not say: it is read as null.
    /// </summary>
    public ImmutableSortedDictionary<string, string> DefaultKeys
    {
        get;
        init => field = value?.WithComparers(StringComparer.Ordinal) ?? NoKeys;
    } = NoKeys;

    private static ImmutableSortedDictionary<string, string> NoKeys { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>How often it may call, by class of call, where that is not left to the service.</summary>
    public ImmutableSortedDictionary<CallClass, Rate> Rates
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<CallClass, Rate>.Empty;
    } = ImmutableSortedDictionary<CallClass, Rate>.Empty;
}

/// <summary>A tenant. Its number is the grain's name.</summary>
public sealed class AccountGrain : Grain<AccountState>
{
    /// <summary>Creates the account; once it exists this changes nothing.</summary>
    public Outcome<Done> Create()
    {
        if (Exists) return default(Done);
        State = new AccountState { CreatedAt = Now };
        Audit(AuditEvent.AccountCreated);
        return default(Done);
    }

    /// <summary>
    /// Limits how often the account may call, by class of call; of a class that is not given, the service's own
    /// limit holds.
    /// </summary>
    public Outcome<Done> SetRates(ImmutableSortedDictionary<CallClass, Rate> rates)
    {
        if (!Exists) return Refusal.Invalid("Account");
        if (!rates.All(rate => Enum.IsDefined(rate.Key) && rate.Value.IsValid)) return Refusal.Invalid("Rates");
        if (State.Rates.SequenceEqual(rates)) return default(Done);
        State = State with { Rates = rates };
        Audit(AuditEvent.AccountRatesChanged);
        return default(Done);
    }

    /// <summary>
    /// Creates the default master key that <paramref name="alias"/> names, or tells the id of the one there is
    /// (seed 003, 4.1.1). The alias may be taken by a key that is none.
    /// </summary>
    public Outcome<string> CreateDefaultKey(CmkGrain cmk, AliasGrain alias, NewCmk key)
    {
        Invariant.That(key.Alias == alias.Id.Name, "the key is named by its alias");
        if (!Exists) return new Refusal(RefusalCode.KeyNotFound);
        if (State.DefaultKeys.TryGetValue(key.Alias, out var keyId)) return keyId;
        if (alias.Exists) return new Refusal(RefusalCode.AliasExists);
        if (cmk.Create(key).Refused(out var refusal)) return refusal;
        alias.BindTo(cmk);
        State = State with { DefaultKeys = State.DefaultKeys.Add(key.Alias, cmk.Id.Name) };
        return cmk.Id.Name;
    }
}
