using KmsActors.Grains.Hosting;

namespace KmsActors.Protocols.Tencent;

/// <summary>What this protocol needs to know of its deployment.</summary>
public sealed record TencentOptions
{
    /// <summary>How many requests are remembered to know their replays, 11 to 22 bytes each.</summary>
    public int MostNonces { get; init; } = 4_000_000;

    /// <summary>Where all nodes spend nonces; null if there is but this one.</summary>
    public INonceLedger? Ledger { get; init; }
}
