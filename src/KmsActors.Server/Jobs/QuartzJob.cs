using Quartz;
using Quartz.Extensibility;

namespace KmsActors.Server;

/// <summary>
/// What Quartz runs: the one type that is behind all jobs, told apart by the names they are stored under. The database
/// has this type's name; nodes of two versions can so be on it together, also when one of them knows more jobs.
/// </summary>
internal sealed class QuartzJob(FleetJobRunner runner, IReadOnlyCollection<IFleetJob> jobs) : IJob
{
    /// <summary>The group of triggers that open runs; all others are about one that is open.</summary>
    public const string Schedules = "schedule";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (jobs.FirstOrDefault(each => each.Name == context.JobDetail.Key.Name) is not { } job) return;
        var mayOpen = context.Trigger.Key.Group == Schedules && !context.Recovering;
        await runner.RunAsync(job, mayOpen, cancellationToken);
    }

    /// <summary>Makes it.</summary>
    internal sealed class Factory(FleetJobRunner runner, IReadOnlyCollection<IFleetJob> jobs) : IJobFactory
    {
        /// <inheritdoc/>
        public ValueTask<JobScope> CreateJob(
            TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            new(new JobScope(new QuartzJob(runner, jobs)));

        /// <inheritdoc/>
        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => default;
    }
}
