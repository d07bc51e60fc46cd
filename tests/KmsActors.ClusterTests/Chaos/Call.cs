using System.Diagnostics;

namespace KmsActors.ClusterTests.Chaos;

/// <summary>A call, by whom it was answered and when; times are of one clock.</summary>
/// <param name="Node">The node that was asked.</param>
/// <param name="Action">What for.</param>
/// <param name="Subject">The key, alias or access key.</param>
internal sealed record Call(int Node, string Action, string Subject)
{
    /// <summary>The key that an alias is to stand for, or a tag's value.</summary>
    public string? Value { get; init; }

    public long Begun { get; private set; }

    public long Ended { get; private set; }

    /// <summary>Null when none came.</summary>
    public Answer? Answer { get; private set; }

    public bool Succeeded => Answer is { Code: null };

    /// <summary>Whether it may have taken place without saying so.</summary>
    public bool IsInDoubt => Answer is null or { Status: >= 500 };

    /// <summary>What the audit record says of it; null for a call that changes nothing.</summary>
    public string? Event => Action switch
    {
        "CreateKey" => "KeyCreated",
        "EnableKey" => "KeyEnabled",
        "DisableKey" => "KeyDisabled",
        "ScheduleKeyDeletion" => "KeyDeletionScheduled",
        "CancelKeyDeletion" => "KeyDeletionCancelled",
        "TagResource" => "KeyTagged",
        "CreateAlias" => "AliasCreated",
        "UpdateAlias" => "AliasUpdated",
        "DeleteAlias" => "AliasDeleted",
        "CreateAccessKey" => "AccessKeyCreated",
        "EnableAccessKey" => "AccessKeyEnabled",
        "DisableAccessKey" => "AccessKeyDisabled",
        _ => null,
    };

    public async Task<Call> MakeAsync(Func<Task<Answer?>> make)
    {
        Begun = Stopwatch.GetTimestamp();
        Answer = await make();
        Ended = Stopwatch.GetTimestamp();
        return this;
    }

    public override string ToString()
    {
        var came = Answer is null ? "no answer" : Answer.Code ?? "success";
        return $"{At(Begun)} to {At(Ended)} node {Node} {Action} {Subject} {Value}: {came} {Answer?.RequestId}";
    }

    /// <summary>In milliseconds.</summary>
    public static string At(long timestamp) => timestamp switch
    {
        long.MinValue => "ever",
        long.MaxValue => "never",
        _ => $"{timestamp * 1000.0 / Stopwatch.Frequency % 1_000_000:F1}",
    };
}
