namespace KmsActors.ClusterTests.Chaos;

/// <summary>A row of the audit record.</summary>
internal sealed record AuditRow(long Seq, string Subject, string RequestId, string Events);

/// <summary>
/// Holds a round's calls to the order of its commits. A call that was not answered may have taken place; what was
/// acknowledged has, what was refused has not; and nothing is as it was before what was acknowledged.
/// </summary>
internal sealed class Checker
{
    private static readonly string[] Codes503 = ["ServiceUnavailableTemporary", "Unavailable"];

    private readonly Dictionary<string, Timeline> _timelines = new(StringComparer.Ordinal);
    private readonly IReadOnlyCollection<Call> _calls;
    private readonly HashSet<string> _recorded;

    public Checker(IReadOnlyCollection<Call> calls, IReadOnlyList<AuditRow> rows)
    {
        _calls = calls;
        _recorded = [.. rows.Select(row => row.RequestId)];
        var byRequest = calls.Where(call => call.Answer is not null)
            .ToDictionary(call => call.Answer!.RequestId, StringComparer.Ordinal);
        var unheard = calls.Where(call => call.Answer is null && call.Event is not null)
            .ToLookup(call => (call.Event, Subject: call.Event == "KeyCreated" ? "" : call.Subject));
        var taken = new Dictionary<(string?, string), int>();
        foreach (var row in rows)
        {
            var happened = row.Events.Split(',')[0];
            List<Call> by = [];
            if (byRequest.TryGetValue(row.RequestId, out var call)) by.Add(call);
            else
            {
                var of = ((string?)happened, happened == "KeyCreated" ? "" : row.Subject);
                by.AddRange(unheard[of]);
                taken[of] = taken.GetValueOrDefault(of) + 1;
                if (taken[of] > by.Count) Problems.Add($"nobody asked for {row}");
            }

            if (by.Count > 0) Take(row, happened, by);
        }

        foreach (var each in calls) TakeNothingDone(each);
        foreach (var each in calls) Check(each);
    }

    public List<string> Problems { get; } = [];

    /// <summary>Calls that found nobody to serve them.</summary>
    public IEnumerable<Call> Unserved => _calls.Where(call => call.IsInDoubt);

    public IEnumerable<Timeline> Timelines => _timelines.Values;

    public Timeline Of(string subject)
    {
        if (!_timelines.TryGetValue(subject, out var timeline))
            _timelines.Add(subject, timeline = new Timeline(subject));
        return timeline;
    }

    private void Take(AuditRow row, string happened, List<Call> by)
    {
        if (by is [{ Answer: { Code: not null, Status: < 500 } } refused]) Problems.Add($"refused and on record: {refused}");
        var values = by.Select(call => call.Value).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var acknowledged = by is [{ Succeeded: true } heard] ? heard.Ended : long.MaxValue;
        if (Of(row.Subject).Add(happened, values, by.Min(call => call.Begun), acknowledged) is { } complaint)
            Problems.Add(complaint);
    }

    /// <summary>A success that committed nothing says that it is so already, and counts as much as any.</summary>
    private void TakeNothingDone(Call call)
    {
        if (!call.Succeeded || call.Event is null || _recorded.Contains(call.Answer!.RequestId)) return;
        var timeline = Of(call.Subject);
        var first = timeline.SeenBy(call).FirstOrDefault(version => call.Action switch
        {
            "EnableKey" or "EnableAccessKey" => version.State == "Enabled",
            "DisableKey" or "DisableAccessKey" => version.State == "Disabled",
            "UpdateAlias" => version.Values.Contains(call.Value!),
            _ => false,
        });
        if (first is null) Problems.Add($"acknowledged and not on record: {call}\n{timeline}");
        else first.Acknowledged = Math.Min(first.Acknowledged, call.Ended);
    }

    private void Check(Call call)
    {
        if (call.Answer is null) return;
        if (call.Answer.Status is 503 && Codes503.Contains(call.Answer.Code)) return;
        var seen = Of(call.Subject).SeenBy(call);
        var isSo = call.Action switch
        {
            "EncryptByAlias" => IsSoOfAlias(call, seen),
            "CreateAlias" when call.Answer.Code == "AliasAlreadyExists" => seen.Any(version => version.State is not null),
            "UpdateAlias" or "DeleteAlias" when call.Answer.Code == "Forbidden.AliasNotFound" =>
                seen.Any(version => version.State is null),
            "CreateAlias" or "UpdateAlias" when call.Answer.Code is { } code =>
                code == (call.Action == "CreateAlias" ? "Rejected.StateModifiedFailed" : "Rejected.PendingDeletion")
                && Of(call.Value!).SeenBy(call).Any(version => version.State == "PendingDeletion"),
            "DescribeKey" => call.Succeeded
                && seen.Any(version => version.State == call.Answer.Text("KeyMetadata", "KeyState")),
            "EnableKey" or "DisableKey" or "ScheduleKeyDeletion" when !call.Succeeded =>
                call.Answer.Code == "Rejected.StateModifiedFailed" && seen.Any(version => version.State == "PendingDeletion"),
            "CancelKeyDeletion" when !call.Succeeded =>
                call.Answer.Code == "Rejected.StateModifiedFailed" && seen.Any(version => version.State != "PendingDeletion"),
            "Encrypt" or "Decrypt" or "UseAccessKey" or "TagResource" => call.Answer.Code switch
            {
                null => call.Event is not null || seen.Any(version => version.State == "Enabled"),
                "Rejected.Disabled" or "Forbidden.AccessKey" => seen.Any(version => version.State == "Disabled"),
                "Rejected.PendingDeletion" => seen.Any(version => version.State == "PendingDeletion"),
                _ => false,
            },
            "CreateAccessKey" => call.Succeeded || call.Answer.Code == "AccessKeyExists",
            _ => call.Succeeded,
        };
        if (isSo) return;
        var of = call.Action == "EncryptByAlias" || call.Action.EndsWith("Alias", StringComparison.Ordinal)
            ? string.Join('\n', _timelines.Values) : Of(call.Subject).ToString();
        Problems.Add($"not so by then: {call} {call.Answer.Status} {call.Answer.Body}\n{of}");
    }

    private bool IsSoOfAlias(Call call, IReadOnlyList<Version> seen) => call.Answer!.Code switch
    {
        null => seen.Any(version => version.Values.Contains(call.Answer.Text("KeyId")))
            && Of(call.Answer.Text("KeyId")).SeenBy(call).Any(version => version.State == "Enabled"),
        "Forbidden.AliasNotFound" or "Forbidden.KeyNotFound" => seen.Any(version => version.State is null),
        var code when code.StartsWith("Rejected.", StringComparison.Ordinal) => seen.SelectMany(version => version.Values)
            .Any(key => Of(key).SeenBy(call).Any(version => $"Rejected.{version.State}" == code)),
        _ => false,
    };
}
