namespace KmsActors.Server;

/// <summary>
/// Something that is done once for the whole fleet, now and then or when it is asked for. A run of it may be cut off
/// anywhere and be begun again, at another node, from its last checkpoint; so what it does has to bear being done
/// twice. While the store is away it need not mind: it may throw, and is begun again.
/// </summary>
internal interface IFleetJob
{
    /// <summary>What it is called: lower-case letters and hyphens. It is stored; never reuse one.</summary>
    string Name { get; }

    /// <summary>What it does, in a line.</summary>
    string Description { get; }

    /// <summary>When it runs, UTC, as crontab has it (five fields); empty for only when it is asked for.</summary>
    string Schedule { get; }

    /// <summary>Does it.</summary>
    /// <param name="run">Where it has come to, and where to tell how it goes on.</param>
    /// <param name="cancellation">It is to stop, and to throw that it was cancelled.</param>
    /// <returns>What has come of it.</returns>
    Task<JobReport> RunAsync(FleetRun run, CancellationToken cancellation);
}
