using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>What operations work with; one for the whole process.</summary>
/// <param name="Host">Runs the grains.</param>
/// <param name="Listings">Answers the List operations.</param>
/// <param name="Hsa">Holds the key material.</param>
/// <param name="Time">The clock.</param>
/// <param name="Limits">How much an account may have.</param>
public sealed record Kms(GrainHost Host, IListings Listings, IHsa Hsa, TimeProvider Time, KmsLimits Limits)
{
    /// <summary>The services whose default master keys are made when they are first used.</summary>
    public IReadOnlyCollection<string> DefaultKeyServices { get; init; } = [];

    /// <summary>The one region this service is.</summary>
    public string Region { get; init; } = "cn-hangzhou";

    /// <summary>Counts calls against their limits.</summary>
    public RateLimits Rates { get; } = new(Time);

    /// <summary>Hashes passwords.</summary>
    public Passwords Passwords { get; init; } = new(Hsa, Time);

    /// <summary>An account, or null when there is none.</summary>
    internal async ValueTask<AccountState?> ReadAccountAsync(string account, CancellationToken cancellation)
    {
        var snapshot = await Host.ReadAsync(GrainId.OfAccount(account), cancellation);
        return snapshot.State<AccountState>();
    }

    /// <summary>A new random id of a user or a group: 32 lower-case hexadecimal digits.</summary>
    internal string NewHexId()
    {
        Span<byte> random = stackalloc byte[16];
        Hsa.GenerateRandom(random);
        return Convert.ToHexStringLower(random);
    }

    /// <summary>A new random UUID, lower-case with hyphens.</summary>
    public string NewId()
    {
        Span<byte> random = stackalloc byte[16];
        Hsa.GenerateRandom(random);
        random[6] = (byte)((random[6] & 0x0f) | 0x40);
        random[8] = (byte)((random[8] & 0x3f) | 0x80);
        return new Guid(random, bigEndian: true).ToString();
    }
}

/// <summary>How much one account may have; exact under concurrency.</summary>
public sealed record KmsLimits
{
    /// <summary>CMKs, default master keys apart.</summary>
    public long KeysPerAccount { get; init; } = 100_000;

    /// <summary>Aliases.</summary>
    public long AliasesPerAccount { get; init; } = 100_000;

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
