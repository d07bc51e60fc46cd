using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>Jobs of the whole fleet: <c>/jobs</c>. It is the same at every node, whichever runs them.</summary>
internal static class JobEndpoints
{
    private const int LongestRun = 64;

    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/jobs", ListAsync).Describe<ListBody<JobBody>>("ListJobs", "Lists jobs and their last runs.");
        var job = admin.MapGroup("/jobs/{job}");
        job.MapGet("/", DescribeAsync).Describe<JobBody>("DescribeJob", "Describes a job and its last runs.");
        job.MapPost("/runs", StartAsync).Describe<JobRunBody>(
            "StartJob", "Has a job run now, at one node of the fleet.", StatusCodes.Status202Accepted);
        job.MapGet("/runs/{run}", DescribeRunAsync).Describe<JobRunBody>(
            "DescribeJobRun", "Tells how far a run has come, and what has come of it.");
        job.MapDelete("/runs/current", StopAsync).Describe<JobRunBody>(
            "StopJob", "Asks the run that is under way to stop.", StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(AdminCall call, FleetJobs jobs)
    {
        var bodies = new List<JobBody>();
        foreach (var job in jobs.All) bodies.Add(await BodyAsync(call, jobs, job, 1));
        return TypedResults.Json(new ListBody<JobBody>(bodies, null));
    }

    private static async Task<IResult> DescribeAsync(AdminCall call, FleetJobs jobs, string job) =>
        jobs.Find(job) is { } found
            ? TypedResults.Json(await BodyAsync(call, jobs, found, FleetJobs.MostListed))
            : call.Refuse(AdminErrors.JobNotFound);

    private static Task<IResult> StartAsync(AdminCall call, FleetJobs jobs, string job) =>
        AcceptAsync(call, jobs, job, jobs.StartAsync, AdminErrors.JobIsRunning);

    private static Task<IResult> StopAsync(AdminCall call, FleetJobs jobs, string job) => AcceptAsync(
        call, jobs, job, (found, cancellation) => jobs.StopAsync(found, cancellation).AsTask(),
        AdminErrors.JobIsNotRunning);

    private static async Task<IResult> DescribeRunAsync(AdminCall call, FleetJobs jobs, string job, string run)
    {
        if (jobs.Find(job) is not { } found) return call.Refuse(AdminErrors.JobNotFound);
        if (run.Length > LongestRun) return call.Refuse(AdminErrors.RunNotFound);
        return await jobs.FindRunAsync(found, run, call.Context.Cancellation) is { } of
            ? TypedResults.Json(JobRunBody.Of(of))
            : call.Refuse(AdminErrors.RunNotFound);
    }

    private static async Task<IResult> AcceptAsync(
        AdminCall call,
        FleetJobs jobs,
        string job,
        Func<IFleetJob, CancellationToken, Task<JobRun?>> change,
        AdminError refused)
    {
        if (jobs.Find(job) is not { } found) return call.Refuse(AdminErrors.JobNotFound);
        return await change(found, call.Context.Cancellation) is { } run
            ? TypedResults.Json(JobRunBody.Of(run), statusCode: StatusCodes.Status202Accepted)
            : call.Refuse(refused);
    }

    private static async Task<JobBody> BodyAsync(AdminCall call, FleetJobs jobs, IFleetJob job, int most)
    {
        var runs = await jobs.RunsOfAsync(job, most, call.Context.Cancellation);
        return new JobBody(
            job.Name, job.Description, job.Schedule, jobs.NextOf(job), runs.Select(JobRunBody.Of).ToList());
    }
}
