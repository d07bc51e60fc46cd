namespace KmsActors.Simulator;

/// <summary>A run of the scenario mode that has ended: what the summary and the report tell.</summary>
/// <param name="Fleet">What was run.</param>
/// <param name="Statistics">What happened.</param>
/// <param name="Taken">How long it took, by a real clock.</param>
/// <param name="Command">What runs it again, as typed in a shell.</param>
/// <param name="TraceHash">What two runs have in common that went the same way to the last step.</param>
internal sealed record FleetRun(
    FleetDescription Fleet, FleetStatistics Statistics, TimeSpan Taken, string Command, string TraceHash)
{
    /// <summary>How many times faster than real time it went.</summary>
    public double SpeedUp => Fleet.Days / Math.Max(Taken.TotalDays, TimeSpan.FromMilliseconds(1).TotalDays);
}
