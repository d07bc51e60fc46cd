using KmsActors.Grains;

namespace KmsActors.CrashTests;

/// <summary>What must hold of a database whatever the history.</summary>
internal static class ImageChecks
{
    public static IEnumerable<string> Problems(DatabaseImage image) =>
        [.. Integrity(image), .. Listings(image), .. Reminders(image), .. Counts(image), .. Commits(image)];

    /// <summary>No commit has been taken back since <paramref name="earlier"/>.</summary>
    public static IEnumerable<string> Regressions(DatabaseImage earlier, DatabaseImage image)
    {
        if (image.LastCommit < earlier.LastCommit) yield return $"{earlier.LastCommit} commits became {image.LastCommit}";
        foreach (var before in earlier.Grains.Values)
        {
            if (image.Grains.TryGetValue(before.Id, out var now) && now.ETag < before.ETag)
                yield return $"{before.Id} went back from ETag {before.ETag} to {now.ETag}";
        }
    }

    private static IEnumerable<string> Integrity(DatabaseImage image) => image.Integrity.Where(line => line != "ok");

    private static IEnumerable<string> Listings(DatabaseImage image)
    {
        var keys = image.OfKind(GrainKind.Cmk).Where(grain => grain.Exists).ToDictionary(grain => grain.Id);
        foreach (var id in image.KeyRows.Keys.Except(keys.Keys)) yield return $"{id} is listed and does not exist";
        foreach (var (id, key) in keys)
        {
            var state = Enum.Parse<KeyState>(key.State.GetProperty("KeyState").GetString()!);
            if (!image.KeyRows.TryGetValue(id, out var row)) yield return $"{id} exists and is not listed";
            else if (row != (key.Time("CreatedAt")!.Value, state)) yield return $"{id} is listed as {row}, not {state}";
        }

        var aliases = image.OfKind(GrainKind.Alias).ToDictionary(grain => grain.Id);
        foreach (var id in image.AliasRows.Keys.Except(aliases.Keys)) yield return $"{id} is listed and does not exist";
        foreach (var (id, alias) in aliases)
        {
            var target = alias.State.GetProperty("KeyId").GetString()!;
            if (!image.AliasRows.TryGetValue(id, out var row)) yield return $"{id} exists and is not listed";
            else if (row != target) yield return $"{id} is listed for {row} and stands for {target}";
            if (alias.Owner != target) yield return $"{id} would go with {alias.Owner} and stands for {target}";
            if (!keys.ContainsKey(GrainId.OfCmk(id.Account, target))) yield return $"{id} stands for {target}, which is gone";
        }

        foreach (var token in image.OfKind(GrainKind.ImportToken))
        {
            if (!keys.ContainsKey(GrainId.OfCmk(token.Id.Account, token.Owner!))) yield return $"{token.Id} has no key";
        }
    }

    private static IEnumerable<string> Reminders(DatabaseImage image)
    {
        var due = new HashSet<StoredReminder>();
        foreach (var grain in image.Grains.Values.Where(grain => grain.Exists))
        {
            if (grain.Time("DeletionDate") is { } deletion) due.Add(new(grain.Id, Reminder.DeleteKey, deletion));
            if (grain.Time("MaterialExpiry") is { } expiry) due.Add(new(grain.Id, Reminder.ExpireMaterial, expiry));
            if (grain.Id.Kind == GrainKind.ImportToken)
                due.Add(new(grain.Id, Reminder.ExpireToken, grain.Time("ExpiresAt")!.Value));
        }

        foreach (var missing in due.Except(image.Reminders)) yield return $"no reminder {missing}";
        foreach (var spare in image.Reminders.Except(due)) yield return $"nothing calls for {spare}";
        foreach (var key in image.OfKind(GrainKind.Cmk).Where(grain => grain.Exists))
        {
            var pending = key.State.GetProperty("KeyState").GetString() == KeyModel.PendingDeletion;
            if (pending != key.Time("DeletionDate") is not null) yield return $"{key.Id}: {key.State}";
        }
    }

    private static IEnumerable<string> Counts(DatabaseImage image)
    {
        var exact = image.Grains.Values.Where(grain => grain.Exists)
            .CountBy(grain => (grain.Id.Kind, grain.Id.Account)).ToDictionary();
        foreach (var of in exact.Keys.Union(image.Counts.Keys))
        {
            var (stored, counted) = (image.Counts.GetValueOrDefault(of), exact.GetValueOrDefault(of));
            if (stored != counted) yield return $"{of}: {counted}, counted as {stored}";
        }

        foreach (var grain in image.Grains.Values)
        {
            if (grain.Counted != grain.Exists) yield return $"{grain.Id} exists: {grain.Exists}, counts: {grain.Counted}";
        }
    }

    private static IEnumerable<string> Commits(DatabaseImage image)
    {
        if (image.AuditRows != image.LastCommit) yield return $"{image.AuditRows} audit rows for {image.LastCommit} commits";
        for (var i = 0; i < image.NewAudit.Count; i++)
        {
            var expected = image.LastCommit - image.NewAudit.Count + 1 + i;
            if (image.NewAudit[i].Seq != expected) yield return $"audit row {image.NewAudit[i].Seq} in place of {expected}";
        }

        foreach (var grain in image.Grains.Values)
        {
            if (grain.ETag < 1 || grain.ETag > image.LastCommit) yield return $"{grain.Id} has the ETag {grain.ETag}";
        }
    }
}
