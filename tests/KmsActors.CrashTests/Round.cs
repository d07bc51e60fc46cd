namespace KmsActors.CrashTests;

/// <summary>What happened between a start of the server and its end, told by all workers at once.</summary>
internal sealed class Round(ServerProcess server)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _killsAtNextChange;

    /// <summary>The request ids of the acknowledged calls that changed something.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>How many calls that would change something went unanswered.</summary>
    public int InDoubt { get; private set; }

    public int Answered { get; private set; }

    /// <summary>By action: how many calls changed something.</summary>
    public Dictionary<string, int> Changes { get; } = [];

    /// <summary>What went wrong.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>When the first change has been acknowledged: a fresh process is slow to answer at first.</summary>
    public Task Begun => _begun.Task;

    /// <summary>
    /// Kills the server the instant that a change is acknowledged. What has been written outlives the process
    /// even before it is synced, so an answer given too early is too early by microseconds only.
    /// </summary>
    public void KillAtNextChange() => Volatile.Write(ref _killsAtNextChange, 1);

    public void CountAnswered(Step step, Answer answer, string? complaint)
    {
        if (step.Changes && answer.Code is null && Interlocked.Exchange(ref _killsAtNextChange, 0) == 1) server.Kill();
        lock (_lock)
        {
            Answered++;
            if (complaint is not null)
            {
                var parameters = string.Join(' ', step.Parameters.Select(each => $"{each.Name}={each.Value}"));
                Complaints.Add($"{step.Action} {parameters}: {complaint}");
                return;
            }

            if (!step.Changes || answer.Code is not null) return;
            Acknowledged.Add(answer.RequestId);
            Changes[step.Action] = Changes.GetValueOrDefault(step.Action) + 1;
        }

        _begun.TrySetResult();
    }

    public void CountUnanswered(Step step)
    {
        lock (_lock)
        {
            if (step.Changes) InDoubt++;
            if (!server.Killed) Complaints.Add($"{step.Action} went unanswered, although the server ran");
        }
    }
}
