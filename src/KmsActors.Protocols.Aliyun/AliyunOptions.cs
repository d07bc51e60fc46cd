using KmsActors.Grains.Hosting;

namespace KmsActors.Protocols.Aliyun;

/// <summary>What this protocol needs to know of its deployment.</summary>
public sealed record AliyunOptions
{
    /// <summary>How many signature nonces are remembered, 8 to 16 bytes each.</summary>
    public int MostNonces { get; init; } = 4_000_000;

    /// <summary>Where all nodes spend nonces; null if there is but this one.</summary>
    public INonceLedger? Ledger { get; init; }
}
