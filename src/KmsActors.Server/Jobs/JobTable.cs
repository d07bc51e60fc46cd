using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>All jobs of the fleet.</summary>
internal static class JobTable
{
    /// <summary>As this node runs them.</summary>
    public static IReadOnlyList<IFleetJob> Of(KmsNode node, JobOptions options) =>
    [
        new RewrapJob(node.Kms, node.RootKeys, options),
        new PruneJob(options, node.Ledger, node.Shared),
        new ScrubJob(options, node.Scan),
        new TombstonesJob(options, node.Scan, node.Kms),
    ];

    /// <summary>Has them run as long as the server does.</summary>
    public static void AddFleetJobs(
        this IServiceCollection services, FleetJobs jobs, KmsNode node, JobOptions options)
    {
        services.AddSingleton(jobs);
        services.AddHostedService(provider => new JobScheduler(
            jobs,
            node.Ledger,
            new FleetJobRunner(
                node.Ledger,
                node.Name,
                node.Kms.Time,
                options,
                provider.GetRequiredService<RequestIds>(),
                provider.GetRequiredService<ILogger<FleetJobRunner>>()),
            node.Shared,
            options,
            node.Name,
            node.Kms.Time,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILoggerFactory>()));
    }
}
