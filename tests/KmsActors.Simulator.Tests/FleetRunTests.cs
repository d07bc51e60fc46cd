using KmsActors.Grains;

namespace KmsActors.Simulator.Tests;

/// <summary>A fleet lives as its description has it.</summary>
public sealed class FleetRunTests
{
    private static readonly FleetDescription s_fleet = new()
    {
        Days = 200,
        Tenants = 12,
        Keys = 400,
        Deletion = new() { Share = 0.8, AfterDays = new() { Least = 5, Most = 60 }, CancelledShare = 0.3, LastHourShare = 0.5 },
        Imported = new() { Share = 0.3, LifeDays = new() { Least = 20, Most = 60 } },
        Rotation = new() { Share = 0.5, IntervalDays = 30 },
        Faults = new() { CrashesPerYear = 60, PausesPerYear = 60, OutagesPerYear = 20 },
    };

    [Fact]
    public void Run_Fleet_DoesWhatItsDescriptionSays()
    {
        var (statistics, _) = Run(s_fleet);

        Assert.Equal(400, statistics.Total(FleetEvent.Created));
        Assert.True(statistics.Total(FleetEvent.Deleted) > 100);
        Assert.True(statistics.Total(FleetEvent.CancelledInLastHour) > 10);
        Assert.True(statistics.Total(FleetEvent.Rotated) > 200);
        Assert.True(statistics.Total(FleetEvent.Imported) > 100);
        Assert.True(statistics.Total(FleetEvent.Expired) > 10);
        Assert.True(statistics.Total(FleetEvent.Crashed) > 10);
        Assert.Equal(0, statistics.Total(FleetEvent.DeletedEarly));
        Assert.Equal(
            400 - statistics.Total(FleetEvent.Deleted), Enum.GetValues<KeyState>().Sum(statistics.KeysAtEnd));
        // Nothing waits longer than an outage, and then for a node's claim.
        Assert.InRange(statistics.DeletionLateness.Max, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Run_SameSeed_GoesTheSameWay()
    {
        var fleet = s_fleet with { Days = 60, Keys = 100 };
        Assert.Equal(Run(fleet).TraceHash, Run(fleet).TraceHash);
        Assert.NotEqual(Run(fleet).TraceHash, Run(fleet with { Seed = 2 }).TraceHash);
    }

    [Fact]
    public void Run_OneNodeOneTenant_Works() =>
        Assert.Equal(20, Run(s_fleet with { Nodes = 1, Tenants = 1, Keys = 20 }).Statistics.Total(FleetEvent.Created));

    [Fact]
    public void Run_Bursts_AreThrottled()
    {
        var fleet = s_fleet with
        {
            Use = new() { BurstingShare = 1, BurstsPerYear = 20, CallsPerBurst = 100 },
            Limits = new() { AccountCallsPerSecond = 10 },
        };
        Assert.True(Run(fleet).Statistics.Total(FleetEvent.Throttled) > 1000);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.8, 7)]
    [InlineData(2, 1000)]
    public void Shares_AnySkew_GiveEachKeyToSomebody(double skew, int tenants)
    {
        var shares = FleetRunner.Shares(s_fleet with { Skew = skew, Tenants = tenants });
        Assert.Equal(tenants, shares.Count);
        Assert.Equal(400, shares.Sum(share => share.Keys));
        Assert.All(shares, share => Assert.True(share.Keys >= 0));
    }

    private static (FleetStatistics Statistics, string TraceHash) Run(FleetDescription fleet) =>
        FleetRunner.Run(fleet, new FleetProgress(fleet.Days, FleetRunner.PartsOf(fleet), TimeProvider.System));
}
