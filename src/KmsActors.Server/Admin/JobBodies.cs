using System.Text.Json;
using KmsActors.Grains.Hosting;

namespace KmsActors.Server;

/// <summary>A job; its runs are the last ones, latest first, without what came of them.</summary>
internal sealed record JobBody(
    string Name, string Description, string Schedule, DateTimeOffset? NextRunAt, IReadOnlyList<JobRunBody> Runs);

/// <summary>A run of a job.</summary>
internal sealed record JobRunBody(
    string Id,
    JobRunState State,
    string? Node,
    int Attempt,
    DateTimeOffset OpenedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long Done,
    long Total,
    string Message,
    bool StopAsked,
    JobReportBody? Report)
{
    public static JobRunBody Of(JobRun run) => new(
        run.Id,
        run.State,
        run.Node,
        run.Attempt,
        run.OpenedAt,
        run.StartedAt,
        run.FinishedAt,
        run.Done,
        run.Total,
        run.Message,
        run.StopAsked,
        run.Report is { } report ? JsonSerializer.Deserialize<JobReportBody>(report, JsonSerializerOptions.Web) : null);
}

/// <summary>What came of a run: numbers by kind, and the first findings.</summary>
internal sealed record JobReportBody(
    IReadOnlyDictionary<string, long> Totals, IReadOnlyList<JobFindingBody> Findings);

/// <summary>Something that is not as it must be.</summary>
internal sealed record JobFindingBody(string Kind, string Account, string Subject, string Detail);
