using System.Data.Common;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using Quartz;

namespace KmsActors.Server;

/// <summary>
/// Has jobs run when it is time for them: Quartz.NET, in memory where a node is alone, else in the database that the
/// nodes share, where each run is one node's, and another's when that has died. It starts when the server has, and
/// again and again until the store lets it.
/// </summary>
internal sealed partial class JobScheduler(
    FleetJobs jobs,
    IJobLedger ledger,
    FleetJobRunner runner,
    PostgresGrainStore? shared,
    JobOptions options,
    string node,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILoggerFactory logs) : BackgroundService
{
    // In its name are the rows of all nodes.
    private const string Name = "kmsactors";
    private const string Requests = "request";

    private const int Connections = 4;
    private const int CheckInsAQuery = 2;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly ILogger<JobScheduler> _log = logs.CreateLogger<JobScheduler>();
    private DbDataSource? _connections;
    private StandaloneSchedulerFactory? _factory;
    private IScheduler? _scheduler;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        jobs.Begin = (_, _) => Task.CompletedTask;
        await base.StopAsync(cancellationToken);
        // It tells its jobs to stop, and waits for them: they are at their checkpoints in no time.
        if (_scheduler is { } scheduler)
        {
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken).AsTask()
                .WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await CloseAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using (var started = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken, lifetime.ApplicationStarted))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, started.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BeginAsync(stoppingToken);
                return;
            }
            catch (Exception fault) when (fault is StoreUnavailableException or SchedulerException or DbException)
            {
                NotStarted(_log, fault);
                await CloseAsync();
                await Task.Delay(RetryInterval, time, stoppingToken);
            }
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        _connections = shared?.OpenConnections(Connections);
        _factory = Build();
        var scheduler = await _factory.GetScheduler(cancellation);
        foreach (var job in jobs.All) await ScheduleAsync(scheduler, job, cancellation);
        await scheduler.Start(cancellation);
        _scheduler = scheduler;
        jobs.Begin = RequestAsync;
    }

    private StandaloneSchedulerFactory Build()
    {
        var builder = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(logs);
            quartz.UseTimeProvider(time).UseJobFactory(new QuartzJob.Factory(runner, jobs.All))
                .UseDefaultThreadPool(jobs.All.Count)
                .ConfigureScheduler(scheduler =>
                {
                    scheduler.InstanceName = Name;
                    scheduler.InstanceId = node;
                    // What another node asks for is found by looking.
                    scheduler.IdleWaitTime = TimeSpan.FromSeconds(CheckInsAQuery * options.CheckInSeconds);
                    scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
                });
            if (shared is null) quartz.UseInMemoryStore();
            else quartz.UsePersistentStore(Share);
        });
        return builder.Build();
    }

    private void Share(IPersistentStoreBuilder database)
    {
        database.UsePostgres(source => source.DataSourceFactory = _ => _connections!);
        database.UseClustering(cluster =>
        {
            cluster.CheckinInterval = TimeSpan.FromSeconds(options.CheckInSeconds);
            cluster.CheckinMisfireThreshold = cluster.CheckinInterval;
        });
        database.ConfigureStore(tables =>
        {
            tables.TablePrefix = "qrtz_";
            tables.StoreJobDataAsStrings = true;
            tables.UseBackgroundThreads = true;
            tables.RecoverFiringsCancelledByShutdown = true;
        });
    }

    /// <summary>
    /// Sees to it that the job is in the store with its schedule, as this node has it, and begins a run that was left
    /// open, or was to be while a node that is alone was not there.
    /// </summary>
    private async Task ScheduleAsync(IScheduler scheduler, IFleetJob job, CancellationToken cancellation)
    {
        var detail = JobBuilder.Create<QuartzJob>().WithIdentity(job.Name).DisallowConcurrentExecution(true)
            .RequestRecovery(true).StoreDurably(true).Build();
        await scheduler.AddJob(detail, AddJobOptions.Replacing, cancellation);
        var key = new TriggerKey(job.Name, QuartzJob.Schedules);
        var schedule = JobOptions.Parse(job.Schedule);
        if (schedule is null)
        {
            await scheduler.UnscheduleJob(key, cancellation);
        }
        else if (await scheduler.GetTrigger(key, cancellation) is not ICronTrigger { } before
            || before.CronExpressionString != schedule.CronExpressionString)
        {
            // One that was missed is made up for, once.
            var trigger = TriggerBuilder.Create(time).WithIdentity(key).ForJob(detail.Key)
                .WithSchedule(CronScheduleBuilder.Create(schedule)
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build();
            await scheduler.ScheduleJob(trigger, ScheduleJobOptions.Replacing, cancellation);
        }

        if (await ledger.LastRunsAsync(job.Name, 1, cancellation) is not [var last]) return;
        if (last.FinishedAt is null) await RunNowAsync(scheduler, job.Name, new(last.Id, Requests), cancellation);
        else if (shared is null && schedule?.GetNextValidTimeAfter(last.OpenedAt) <= time.GetUtcNow())
            await RunNowAsync(scheduler, job.Name, new($"{job.Name} missed", QuartzJob.Schedules), cancellation);
    }

    private async Task RequestAsync(JobRun run, CancellationToken cancellation)
    {
        try
        {
            await RunNowAsync(_scheduler!, run.Job, new(run.Id, Requests), cancellation);
        }
        catch (SchedulerException fault)
        {
            throw new StoreUnavailableException("The run cannot be scheduled.", fault);
        }
    }

    private async Task RunNowAsync(IScheduler scheduler, string job, TriggerKey key, CancellationToken cancellation)
    {
        var trigger = TriggerBuilder.Create(time).WithIdentity(key).ForJob(job).StartNow().Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellation);
    }

    private async Task CloseAsync()
    {
        if (_factory is not null) await _factory.DisposeAsync();
        if (_connections is not null) await _connections.DisposeAsync();
        (_factory, _connections, _scheduler) = (null, null, null);
    }

    [LoggerMessage(410, LogLevel.Warning, "Jobs cannot be scheduled yet")]
    private static partial void NotStarted(ILogger log, Exception exception);
}
