using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>A call as the one who makes it sees it, and what it has committed.</summary>
/// <param name="RequestId">Its id, which is in the audit record of what it commits.</param>
/// <param name="Name">What it calls.</param>
/// <param name="Account">On whose behalf.</param>
/// <param name="Caller">What it is called with; null for the operator, and for who logs in.</param>
internal sealed record CallRecord(string RequestId, string Name, string Account, Credential? Caller)
{
    /// <summary>The project in which it is called; null for the first.</summary>
    public string? Project { get; init; }

    /// <summary>Whose the keys are that it can reach, as in the ids of their grains.</summary>
    public string Owner => KeyOwner.Of(Account, Project);

    /// <summary>What it is to policies and grants; null for what is for everybody.</summary>
    public PolicyAction? Action { get; init; }

    /// <summary>The key that alone it is about, where that is known before.</summary>
    public string? KeyId { get; init; }

    /// <summary>What it has made of which grains, in order.</summary>
    public List<(GrainId Id, GrainVersion Version)> Commits { get; } = [];

    /// <summary>When it began: its place among all that happened.</summary>
    public long Began { get; set; }

    /// <summary>The same, as durations are measured.</summary>
    public TimeSpan BeganElapsed { get; set; }

    /// <summary>The same by the calendar.</summary>
    public DateTimeOffset BeganAt { get; set; }

    /// <summary>When it had its answer: its place among all that happened. Until then, past everything.</summary>
    public long Ended { get; set; } = long.MaxValue;

    /// <summary>The same by the calendar.</summary>
    public DateTimeOffset EndedAt { get; set; }

    /// <summary>Its answer; null while there is none, and if nobody knows.</summary>
    public Answer? Answer { get; set; }

    /// <summary>Whether it may have committed something when it is refused.</summary>
    public bool CommitsRefusals { get; init; }

    /// <summary>Whether it was refused.</summary>
    public RefusalCode? Refusal => Answer?.Refusal;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} of {Owner} by {Caller?.ToString() ?? "the operator"} ({RequestId})"
        + (Ended == long.MaxValue ? "" : $": {Result}");

    private string Result => Answer is null ? "no answer" : Answer.Refusal?.ToString() ?? "done";
}
