using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace KmsActors.Simulator;

/// <summary>
/// A fleet of tenants and keys, and what happens to them: what the scenario mode runs. Shares are 0 to 1. Everything
/// has a default. Made from a file by <see cref="FleetReader.Read"/>; after a change with <c>with</c>,
/// <see cref="FleetRules.Check"/> says whether it still holds.
/// </summary>
internal sealed record FleetDescription
{
    /// <summary>What it is called; at most 100 characters.</summary>
    [StringLength(100)]
    public string Name { get; init; } = "A fleet";

    /// <summary>What it stands for, for readers; at most 1000 characters.</summary>
    [StringLength(1000)]
    public string About { get; init; } = "";

    /// <summary>How long it is watched, in days: 1 to 3660.</summary>
    [Range(1, 3660)]
    public int Days { get; init; } = 1096;

    /// <summary>The first day, which begins at midnight UTC: 2000-01-01 to 2100-12-31.</summary>
    [Range(typeof(DateOnly), "2000-01-01", "2100-12-31")]
    public DateOnly Start { get; init; } = new(2026, 1, 1);

    /// <summary>Fixes everything that is left to chance: 0 to 2^64 - 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Nodes beside the one database: 1 to 9.</summary>
    [Range(1, 9)]
    public int Nodes { get; init; } = 3;

    /// <summary>Accounts: 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int Tenants { get; init; } = 100;

    /// <summary>Keys that are ever created, over all tenants and days: 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int Keys { get; init; } = 10_000;

    /// <summary>
    /// How uneven the keys lie: the exponent of Zipf's law, 0 (all tenants have as many) to 2 (one has most).
    /// </summary>
    [Range(0.0, 2.0)]
    public double Skew { get; init; } = 0.8;

    /// <summary>The share of the keys that is there on the first day; the others come evenly over the time.</summary>
    [Range(0.0, 1.0)]
    public double ExistingShare { get; init; } = 0.5;

    /// <summary>Keys with the tenant's own material.</summary>
    public ImportedKeys Imported { get; init; } = new();

    /// <summary>Automatic rotation.</summary>
    public KeyRotation Rotation { get; init; } = new();

    /// <summary>Keys that are disabled for a while.</summary>
    public KeyDisabling Disabling { get; init; } = new();

    /// <summary>Scheduled deletions and second thoughts.</summary>
    public KeyDeletion Deletion { get; init; } = new();

    /// <summary>Names that point to keys.</summary>
    public KeyAliases Aliases { get; init; } = new();

    /// <summary>Encrypt and Decrypt.</summary>
    public KeyUse Use { get; init; } = new();

    /// <summary>What the service allows.</summary>
    public FleetLimits Limits { get; init; } = new();

    /// <summary>What breaks.</summary>
    public FleetFaults Faults { get; init; } = new();

    /// <summary>The instant at which the first day begins.</summary>
    public DateTimeOffset Begins() => new(Start, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The instant at which the last day ends.</summary>
    public DateTimeOffset Ends() => Begins().AddDays(Days);

    /// <summary>As a file that <see cref="FleetReader.Read"/> reads back to the same, with every member.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FleetJson.Default.FleetDescription);
}
