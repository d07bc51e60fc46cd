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
        return snapshot.State<AccountState>() is { Status: not AccountStatus.Deleted } state ? state : null;
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
