using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>How much one account may have; exact under concurrency.</summary>
public sealed record KmsLimits
{
    /// <summary>CMKs, default master keys apart.</summary>
    public long KeysPerAccount { get; init; } = 100_000;

    /// <summary>Aliases.</summary>
    public long AliasesPerAccount { get; init; } = 100_000;

    /// <summary>Tags of one CMK.</summary>
    public long TagsPerKey { get; init; } = 10;

    /// <summary>Import tokens that are alive or not yet forgotten.</summary>
    public long ImportTokensPerAccount { get; init; } = 1_000;

    /// <summary>Users.</summary>
    public long UsersPerAccount { get; init; } = 1_000;

    /// <summary>Groups.</summary>
    public long GroupsPerAccount { get; init; } = 1_000;

    /// <summary>Users' tokens that are alive or not yet forgotten.</summary>
    public long TokensPerAccount { get; init; } = 10_000;

    /// <summary>Calls a second of an account that look at keys or change something; 0 for no limit.</summary>
    public int ManagementCallsPerSecond { get; init; }

    /// <summary>Calls a second of an account that use symmetric keys; 0 for no limit.</summary>
    public int SymmetricCallsPerSecond { get; init; }

    /// <summary>Calls a second of an account that use pairs of keys; 0 for no limit.</summary>
    public int AsymmetricCallsPerSecond { get; init; }

    /// <summary>Uses a second of one key; 0 for no limit.</summary>
    public int UsesOfKeyPerSecond { get; init; }

    /// <summary>For how many seconds' calls at once a pause makes up.</summary>
    public int BurstSeconds { get; init; } = 1;

    /// <summary>How much of something an account may have: as much as it has been given, or as all.</summary>
    public long Of(Quota quota, AccountState? account) =>
        account is not null && account.Quotas.TryGetValue(quota, out var own) ? own : Of(quota);

    /// <summary>How much of something an account may have that has no quota of its own.</summary>
    public long Of(Quota quota) => quota switch
    {
        Quota.Keys => KeysPerAccount,
        Quota.Aliases => AliasesPerAccount,
        Quota.TagsPerKey => TagsPerKey,
        Quota.ImportTokens => ImportTokensPerAccount,
        Quota.Users => UsersPerAccount,
        Quota.Groups => GroupsPerAccount,
        Quota.Tokens => TokensPerAccount,
        _ => throw new InvariantException($"there is no limit of {quota}"),
    };

    /// <summary>How often an account may call: as often as it has been given, or as all.</summary>
    public Rate RateOf(CallClass callClass, AccountState? account) =>
        account is not null && account.Rates.TryGetValue(callClass, out var own) ? own : RateOf(callClass);

    /// <summary>How often an account may call that has no limit of its own.</summary>
    public Rate RateOf(CallClass callClass) => RateOf(callClass switch
    {
        CallClass.Symmetric => SymmetricCallsPerSecond,
        CallClass.Asymmetric => AsymmetricCallsPerSecond,
        _ => ManagementCallsPerSecond,
    });

    /// <summary>How often a key may be used that has no limit of its own.</summary>
    public Rate RateOfKey => RateOf(UsesOfKeyPerSecond);

    private Rate RateOf(int perSecond) =>
        perSecond == 0 ? Rate.Unlimited : new Rate(perSecond, (int)Math.Min((long)perSecond * BurstSeconds, Rate.Most));
}
