using KmsActors.Grains;

namespace KmsActors.CrashTests;

/// <summary>
/// Holds a database to everything that was ever answered. What went unanswered must have happened
/// wholly or not at all; from then on it is known which.
/// </summary>
internal sealed class History(IReadOnlyList<Worker> workers)
{
    private DatabaseImage? _before;

    /// <summary>How many unanswered calls had taken place after all.</summary>
    public int Happened { get; private set; }

    /// <summary>The number of the last commit that was looked at.</summary>
    public long LastCommit => _before?.LastCommit ?? 0;

    /// <summary>Compares, and settles what was in doubt.</summary>
    public List<string> Problems(DatabaseImage image, Round? round)
    {
        List<string> problems = [.. ImageChecks.Problems(image)];
        if (_before is not null) problems.AddRange(ImageChecks.Regressions(_before, image));
        var happened = Happened;
        var stored = image.Keys();
        foreach (var worker in workers)
        {
            problems.AddRange(worker.Keys.Select(key => Settle(key, stored)).OfType<string>());
            SettleCreation(worker, stored);
            problems.AddRange(worker.AliasNames.Select(alias => Settle(alias, image)).OfType<string>());
        }

        var known = workers.SelectMany(worker => worker.Keys).Select(key => key.KeyId);
        problems.AddRange(stored.Keys.Except(known).Select(key => $"nobody asked for key {key}"));
        var aliases = workers.SelectMany(worker => worker.AliasNames).Count(alias => alias.Target is not null);
        if (image.AliasRows.Count != aliases) problems.Add($"{image.AliasRows.Count} aliases, not {aliases}");
        if (round is not null) problems.AddRange(AuditProblems(image, round, Happened - happened));
        _before = image;
        return problems;
    }

    // What was answered is on record exactly once; what else is on record is what turned out to have happened.
    private static IEnumerable<string> AuditProblems(DatabaseImage image, Round round, int happened)
    {
        var recorded = image.NewAudit.CountBy(row => row.RequestId, StringComparer.Ordinal).ToDictionary();
        foreach (var requestId in round.Acknowledged)
        {
            if (recorded.GetValueOrDefault(requestId) != 1)
                yield return $"request {requestId} is on record {recorded.GetValueOrDefault(requestId)} times";
        }

        var others = image.NewAudit.Count - round.Acknowledged.Count;
        if (others != happened) yield return $"{others} unanswered calls are on record and {happened} show";
    }

    private void SettleCreation(Worker worker, Dictionary<string, StoredKey> stored)
    {
        if (worker.CreationInDoubt is not { } fresh) return;
        worker.CreationInDoubt = null;
        var keyId = stored.FirstOrDefault(key => key.Value.Description == fresh.Marker).Key;
        if (keyId is null) return;
        worker.Keys.Add(new TrackedKey(keyId, fresh) { WasInDoubt = true });
        Happened++;
    }

    private string? Settle(TrackedKey key, Dictionary<string, StoredKey> stored)
    {
        var (now, maybe) = (key.Now, key.Maybe);
        key.Maybe = null;
        key.WasInDoubt = maybe is not null;
        if (!stored.TryGetValue(key.KeyId, out var actual)) return $"key {key.KeyId} {now.Marker} is lost";
        if (now.Difference(actual) is not { } difference) return null;
        if (maybe is null) return $"key {key.KeyId} {now.Marker}: {difference}";
        if (maybe.Difference(actual) is { } half) return $"key {key.KeyId} {now.Marker}, in doubt: {difference}; {half}";
        key.Now = maybe;
        Happened++;
        return null;
    }

    private string? Settle(TrackedAlias alias, DatabaseImage image)
    {
        var actual = image.AliasRows.GetValueOrDefault(GrainId.OfAlias(ServerProcess.Account, alias.Name));
        var inDoubt = alias.InDoubt;
        alias.InDoubt = false;
        if (actual == alias.Target) return null;
        if (!inDoubt || actual != alias.MaybeTarget)
            return $"alias {alias.Name} stands for {actual}, not {alias.Target}{(inDoubt ? $" or {alias.MaybeTarget}" : "")}";
        alias.Target = actual;
        Happened++;
        return null;
    }
}
