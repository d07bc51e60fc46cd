namespace KmsActors.CrashTests;

/// <summary>What happened between a start of the server and its end, told by all workers at once.</summary>
/// <param name="server">The server.</param>
/// <param name="last">Which acknowledged change is the last that is waited for: a fast machine is there sooner.</param>
/// <param name="awaited">A change that has to be among them; null if none has.</param>
/// <param name="killsThen">
/// Whether the server is killed the instant that it is acknowledged. What has been written outlives the process even
/// before it is synced, so an answer given too early is too early by microseconds only.
/// </param>
internal sealed class Round(
    ServerProcess server, int last = int.MaxValue, string? awaited = null, bool killsThen = false)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _changes;
    private bool _hasCome;
    private bool _isOver;

    /// <summary>The request ids of the acknowledged calls that changed something.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>How many calls that would change something went unanswered.</summary>
    public int InDoubt { get; private set; }

    public int Answered { get; private set; }

    /// <summary>By action: how many calls changed something.</summary>
    public Dictionary<string, int> Changes { get; } = [];

    /// <summary>What went wrong.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>When the last change that is waited for has been acknowledged.</summary>
    public Task Ended => _ended.Task;

    public void CountAnswered(Step step, Answer answer, string? complaint)
    {
        var isLast = step.Changes && answer.Code is null && IsLast(step.Action);
        if (isLast && killsThen) server.Kill();
        if (isLast) _ended.SetResult();
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
    }

    public void CountUnanswered(Step step)
    {
        lock (_lock)
        {
            if (step.Changes) InDoubt++;
            if (!server.Killed) Complaints.Add($"{step.Action} went unanswered, although the server ran");
        }
    }

    private bool IsLast(string change)
    {
        lock (_lock)
        {
            _hasCome |= awaited is null || change == awaited;
            if (++_changes < last || !_hasCome || _isOver) return false;
            return _isOver = true;
        }
    }
}
