namespace KmsActors.Grains.Hosting;

/// <summary>
/// Whether what is stored beside a CMK is what follows from its state: what that is, the grain says itself.
/// </summary>
public static class KeyCheck
{
    /// <summary>What is wrong with a key.</summary>
    /// <param name="record">All that is stored of it, as of one commit.</param>
    public static IEnumerable<Flaw> Of(KeyRecord record)
    {
        if (record.Grain is not { } row) return OfNoGrain(record, "there is no grain");
        var (read, why) = Flaw.Read(row);
        var flaws = Flaw.OfRow(row, read, why);
        if (read is not CmkGrain key) return flaws;
        return
        [
            .. flaws,
            .. key.Listing is KeyListing expected ? Listed(record, expected) : OfNoGrain(record, "the key is deleted"),
            .. Reminded(record, key),
            .. OwnName(record, key),
            .. Protected(key.State),
        ];
    }

    private static IEnumerable<Flaw> OfNoGrain(KeyRecord record, string why)
    {
        if (record.Listing is not null) yield return new Flaw("listing-orphan", why);
        if (record.Tags.Count > 0) yield return new Flaw("tags-orphan", $"{record.Tags.Count}: {why}");
        if (record.Grain is null && record.Reminders.Count > 0)
            yield return new Flaw("reminder-orphan", $"{record.Reminders.Count}: {why}");
    }

    private static IEnumerable<Flaw> Listed(KeyRecord record, KeyListing expected)
    {
        var createdAt = expected.CreatedAt.UtcTicks;
        if (record.Listing is not { } listed)
        {
            yield return new Flaw("listing-missing", "the key is in no listing");
        }
        else
        {
            foreach (var (column, found, must) in new (string, object, object)[]
            {
                ("created_at", listed.CreatedAt, createdAt),
                ("key_state", listed.KeyState, (int)expected.KeyState),
                ("key_spec", listed.Spec, (int)expected.Spec),
                ("key_usage", listed.Usage, (int)expected.Usage),
                ("protection_level", listed.ProtectionLevel, (int)expected.ProtectionLevel),
                ("alias", listed.Alias, expected.Alias),
                ("enterprise_project", listed.EnterpriseProject, expected.EnterpriseProject),
            })
            {
                if (!found.Equals(must))
                    yield return new Flaw("listing-differs", $"{column} is {found}, by the state {must}");
            }
        }

        var tags = record.Tags.Select(tag => (tag.Key, tag.Value, tag.CreatedAt)).ToHashSet();
        var wanted = expected.Tags.Select(tag => (tag.Key, tag.Value, createdAt)).ToHashSet();
        foreach (var (key, _, _) in tags.Except(wanted))
            yield return new Flaw("tags-differ", $"a row of tag {key} is not by the state");
        foreach (var (key, _, _) in wanted.Except(tags))
            yield return new Flaw("tags-differ", $"tag {key} of the state has no such row");
    }

    private static IEnumerable<Flaw> Reminded(KeyRecord record, CmkGrain key)
    {
        var numbers = record.Reminders.Keys.Union(Enum.GetValues<Reminder>().Select(each => (int)each));
        foreach (var number in numbers)
        {
            var name = Enum.IsDefined((Reminder)number) ? $"{(Reminder)number}" : $"{number}";
            var must = key.DueAt((Reminder)number)?.UtcTicks;
            var isThere = record.Reminders.TryGetValue(number, out var due);
            if (isThere && must is null) yield return new Flaw("reminder-unexpected", name);
            else if (!isThere && must is not null) yield return new Flaw("reminder-missing", name);
            else if (isThere && due != must)
                yield return new Flaw("reminder-wrong-time", $"{name}: {due}, by the state {must}");
        }
    }

    private static IEnumerable<Flaw> OwnName(KeyRecord record, CmkGrain key)
    {
        // By the name that the listing has: if that is another, there is a flaw already.
        if (key.State.Alias is not { } name || record.Listing?.Alias != name) yield break;
        if (record.KeyOfOwnName != key.Id.Name)
        {
            yield return new Flaw(
                "own-name-differs", $"the alias {name} stands for {record.KeyOfOwnName ?? "nothing"}");
        }
    }

    private static IEnumerable<Flaw> Protected(CmkState state)
    {
        var inSoftware = state.ProtectionLevel == ProtectionLevel.Hsm
            ? state.Versions.Count(version => WrappedBlob.IsInSoftware(version.WrappedMaterial))
            : 0;
        if (inSoftware > 0) yield return new Flaw("hsm-level-in-software", $"{inSoftware} versions");
    }
}
