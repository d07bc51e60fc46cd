using System.ComponentModel.DataAnnotations;

namespace KmsActors.Simulator;

/// <summary>A number of days, evenly drawn between two, both of them included.</summary>
internal sealed record DayRange
{
    /// <summary>At least as many days: 1 to 3660.</summary>
    [Range(1, 3660)]
    public int Least { get; init; } = 1;

    /// <summary>At most as many days: 1 to 3660, and not below the least.</summary>
    [Range(1, 3660)]
    public int Most { get; init; } = 365;
}

/// <summary>Keys with the tenant's own material.</summary>
internal sealed record ImportedKeys
{
    /// <summary>The share of all keys that is imported.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.1;

    /// <summary>The share of the imported keys whose material expires.</summary>
    [Range(0.0, 1.0)]
    public double ExpiringShare { get; init; } = 0.5;

    /// <summary>How long material lasts that expires, in days from its import.</summary>
    public DayRange LifeDays { get; init; } = new() { Least = 90, Most = 365 };

    /// <summary>The share of materials that is imported again in the last 7 days before they expire.</summary>
    [Range(0.0, 1.0)]
    public double RenewedBeforeShare { get; init; } = 0.7;

    /// <summary>
    /// The share of materials that is imported again in the first 7 days after they expired. The rest stays without
    /// material. Both together are at most 1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double RenewedAfterShare { get; init; } = 0.2;
}

/// <summary>Automatic rotation of symmetric keys that were not imported.</summary>
internal sealed record KeyRotation
{
    /// <summary>The share of those keys that has a policy.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.3;

    /// <summary>Days from one version to the next: 7 to 730.</summary>
    [Range(7, 730)]
    public int IntervalDays { get; init; } = 365;
}

/// <summary>Keys that are disabled for a while.</summary>
internal sealed record KeyDisabling
{
    /// <summary>How often a year a key is disabled, on average: 0 to 52.</summary>
    [Range(0.0, 52.0)]
    public double TimesPerYear { get; init; } = 0.05;

    /// <summary>For how many days: 1 to 365.</summary>
    [Range(1, 365)]
    public int Days { get; init; } = 14;
}

/// <summary>Scheduled deletions and second thoughts.</summary>
internal sealed record KeyDeletion
{
    /// <summary>The most windows that a description lists.</summary>
    public const int MostWindows = 100;

    /// <summary>The share of all keys that is ever scheduled for deletion.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.3;

    /// <summary>When: days after a key was created, or after the first day if it was there then.</summary>
    public DayRange AfterDays { get; init; } = new() { Least = 30, Most = 900 };

    /// <summary>What is asked for, by how often; 1 to 100 of them.</summary>
    [Length(1, MostWindows)]
    public IReadOnlyList<DeletionWindow> Windows { get; init; } =
    [
        new() { Days = 7, Weight = 3 }, new() { Days = 30, Weight = 6 }, new() { Days = 90, Weight = 1 },
    ];

    /// <summary>The share of scheduled deletions that is cancelled.</summary>
    [Range(0.0, 1.0)]
    public double CancelledShare { get; init; } = 0.1;

    /// <summary>The share of the cancellations that come in the last hour before the date.</summary>
    [Range(0.0, 1.0)]
    public double LastHourShare { get; init; } = 0.2;

    /// <summary>The share of the cancelled ones that is scheduled again.</summary>
    [Range(0.0, 1.0)]
    public double AgainShare { get; init; } = 0.5;
}

/// <summary>A deletion window, and how often it is asked for.</summary>
internal sealed record DeletionWindow
{
    /// <summary>Days from the request to the deletion: 7 to 1096.</summary>
    [Range(7, 1096)]
    public int Days { get; init; } = 30;

    /// <summary>How often, compared to the others: 0 to 1000000. One of them is above 0.</summary>
    [Range(0.0, 1_000_000.0)]
    public double Weight { get; init; } = 1;
}

/// <summary>Names that point to keys.</summary>
internal sealed record KeyAliases
{
    /// <summary>The share of all keys that has one.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.3;

    /// <summary>How often a year an alias is moved to another key, on average: 0 to 52.</summary>
    [Range(0.0, 52.0)]
    public double MovesPerYear { get; init; } = 0.1;
}

/// <summary>Encrypt and Decrypt. Each call is really made, so few of them stand for many.</summary>
internal sealed record KeyUse
{
    /// <summary>Calls with a key in a year, on average: 0 to 10000.</summary>
    [Range(0.0, 10_000.0)]
    public double CallsPerYear { get; init; } = 2;

    /// <summary>The share of the tenants that at times call in bursts.</summary>
    [Range(0.0, 1.0)]
    public double BurstingShare { get; init; } = 0.02;

    /// <summary>Bursts of such a tenant in a year, on average: 0 to 365.</summary>
    [Range(0.0, 365.0)]
    public double BurstsPerYear { get; init; } = 4;

    /// <summary>Calls of a burst, all in the same second and with one key: 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int CallsPerBurst { get; init; } = 300;
}

/// <summary>What the service allows.</summary>
internal sealed record FleetLimits
{
    /// <summary>Uses of one key in a second: 1 to 1000000, or 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int KeyCallsPerSecond { get; init; }

    /// <summary>Symmetric calls of one account in a second: 1 to 1000000, or 0 for no limit.</summary>
    [Range(0, 1_000_000)]
    public int AccountCallsPerSecond { get; init; } = 50;

    /// <summary>Keys of one account at one time: 1 to 1000000, or 0 for no quota.</summary>
    [Range(0, 1_000_000)]
    public int KeysPerAccount { get; init; }
}

/// <summary>What breaks: how often a year, over all nodes, and for how many seconds.</summary>
internal sealed record FleetFaults
{
    /// <summary>Crashes of a node in a year, on average: 0 to 10000.</summary>
    [Range(0.0, 10_000.0)]
    public double CrashesPerYear { get; init; } = 12;

    /// <summary>Seconds until that node is back: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public int CrashSeconds { get; init; } = 30;

    /// <summary>Pauses of a node in a year, on average: 0 to 10000. It goes on as if nothing had happened.</summary>
    [Range(0.0, 10_000.0)]
    public double PausesPerYear { get; init; } = 12;

    /// <summary>Seconds of a pause: 1 to 86400. From the second one on it is longer than a lease.</summary>
    [Range(1, 86_400)]
    public int PauseSeconds { get; init; } = 5;

    /// <summary>Outages of the database in a year, on average: 0 to 10000.</summary>
    [Range(0.0, 10_000.0)]
    public double OutagesPerYear { get; init; } = 2;

    /// <summary>Seconds of an outage: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public int OutageSeconds { get; init; } = 60;
}
