namespace KmsActors.ClusterTests.Chaos;

/// <summary>What something was after one commit.</summary>
/// <param name="Event">The commit's.</param>
/// <param name="State">What it is from then on; null for nothing.</param>
/// <param name="Values">Of an alias, the key that it stands for, and of a tag its value: if in doubt, one of these.</param>
/// <param name="Begun">When it was asked for: it has not been so before.</param>
internal sealed record Version(string Event, string? State, HashSet<string> Values, long Begun)
{
    /// <summary>When it was acknowledged: from then on nothing is as it was before.</summary>
    public long Acknowledged { get; set; } = long.MaxValue;

    public override string ToString() =>
        $"{Event} {string.Join('|', Values)} begun {Call.At(Begun)}, acknowledged {Call.At(Acknowledged)}";
}

/// <summary>
/// All that a key, an alias or an access key has been, in the order of commits. Each step has to follow from the one
/// before: else a turn has not seen what was committed before it.
/// </summary>
internal sealed class Timeline(string subject)
{
    private readonly List<Version> _versions =
        [new Version("nothing", null, [], long.MinValue) { Acknowledged = long.MinValue }];

    public string Subject => subject;

    public Version Last => _versions[^1];

    /// <summary>The last version by a commit of that kind.</summary>
    public Version? LastOf(string happened) => _versions.FindLast(version => version.Event == happened);

    /// <summary>Takes the next commit; a complaint if it cannot follow.</summary>
    public string? Add(string happened, HashSet<string> values, long begun, long acknowledged)
    {
        var before = Last;
        var state = (happened, before.State) switch
        {
            ("KeyCreated" or "AccessKeyCreated", null) => "Enabled",
            ("KeyEnabled" or "AccessKeyEnabled", "Disabled") => "Enabled",
            ("KeyDisabled" or "AccessKeyDisabled", "Enabled") => "Disabled",
            ("KeyDeletionScheduled", "Enabled" or "Disabled") => "PendingDeletion",
            ("KeyDeletionCancelled", "PendingDeletion") => "Enabled",
            ("KeyTagged", "Enabled" or "Disabled") => before.State,
            ("AliasCreated", null) or ("AliasUpdated", "there") => "there",
            ("AliasDeleted", "there") => null,
            _ => "?",
        };
        _versions.Add(new Version(happened, state, values, begun) { Acknowledged = acknowledged });
        return state == "?" ? $"{happened} cannot follow:\n{this}" : null;
    }

    /// <summary>
    /// What a call may have seen: what was so when it began, which is what was acknowledged last or anything later,
    /// up to what had been asked for when it ended.
    /// </summary>
    public IReadOnlyList<Version> SeenBy(Call call)
    {
        var from = _versions.FindLastIndex(version => version.Acknowledged < call.Begun);
        return _versions.Skip(from).Where(version => version.Begun < call.Ended).ToList();
    }

    public override string ToString() => $"  {subject}:\n    {string.Join("\n    ", _versions)}";
}
