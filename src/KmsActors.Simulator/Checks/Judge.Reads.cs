using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <content>What a call tells of states and listings, and which of them made it refuse.</content>
internal sealed partial class Judge
{
    /// <summary>
    /// Whether a listing, read at some time of the call, has what there was all the time and not what there never was.
    /// </summary>
    public void Listed(CallRecord call, GrainKind kind, IReadOnlyCollection<string> names, int most) =>
        Listed(call, kind, names, most, version => IsThere(version, kind));

    /// <summary>The same of a listing of those alone that are so; null for those that may be listed or not.</summary>
    public void Listed(
        CallRecord call, GrainKind kind, IReadOnlyCollection<string> names, int most, Func<GrainVersion, bool?> isSo)
    {
        var listed = names.ToHashSet();
        if (listed.Count != names.Count) throw new Violation(Rules.Listing, $"{call} has something twice");
        if (names.Count == most) return;
        foreach (var history in All(kind, OwnerOf(call, kind)))
        {
            var isListed = listed.Remove(history.Id.Name);
            if (!CouldBe(call, history, version => isSo(version) != !isListed))
                throw new Violation(Rules.Listing, $"{call}: {history.Id} is {(isListed ? "" : "not ")}listed");
        }

        if (listed.Count > 0) throw new Violation(Rules.Listing, $"{call} has {listed.First()}, which there never was");
    }

    /// <summary>Whether there could be found to be so many.</summary>
    public void Counted(CallRecord call, GrainKind kind, long count) => Counted(call, kind, count, 0, 0);

    /// <summary>
    /// The same of keys without the default master keys: as many less as the account may have been seen to have.
    /// </summary>
    public void CountedWithoutDefaultKeys(CallRecord call, long count)
    {
        var ofDefault = AccountsOf(call).ConvertAll(account => account?.DefaultKeysOf(call.Project).Count ?? 0);
        Counted(call, GrainKind.Cmk, count, ofDefault.Min(), ofDefault.Max());
    }

    /// <summary>Whether there could be found to be allowed so many.</summary>
    public void Limited(CallRecord call, GrainKind kind, long limit)
    {
        var quota = bounds.Quotas[kind];
        Told(call, GrainId.OfAccount(call.Account), version =>
            (version.View(AccountView.Of)?.Quotas.GetValueOrDefault(quota.Name, quota.Most) ?? quota.Most) == limit);
    }

    /// <summary>What is limited, with the quota's name.</summary>
    public IEnumerable<(GrainKind Kind, string Quota)> Quotas =>
        bounds.Quotas.Select(quota => (quota.Key, quota.Value.Name));

    /// <summary>Whether the tags of all keys, listed at some time of the call, are those that keys had.</summary>
    public void TagsListed(CallRecord call, IReadOnlyCollection<KeyValuePair<string, string>> tags)
    {
        var (never, listed) = (tags.ToHashSet(), tags.ToHashSet());
        foreach (var history in All(GrainKind.Cmk, call.Owner))
        {
            var versions = history.Current(call)
                .Select(version => version.Key is { IsDeleted: false } key ? key.Tags.ToHashSet() : []).ToList();
            foreach (var version in versions) never.ExceptWith(version);
            var always = versions.Aggregate((one, other) => [.. one.Intersect(other)]);
            if (!always.IsSubsetOf(listed))
                throw new Violation(Rules.Listing, $"{call} has not all tags of {history.Id}");
        }

        if (never.Count > 0)
            throw new Violation(Rules.Listing, $"{call} has the tag {never.First()}, which no key had");
    }

    /// <summary>Whether a grain's state, as it was told, is one that could be seen.</summary>
    public void Told(CallRecord call, GrainId id, Func<GrainVersion, bool> isSo)
    {
        if (!Of(id).Allowed(call).Any(isSo))
            throw new Violation(Rules.Listing, $"{call} tells what {id} is not");
    }

    /// <summary>Whether a refusal has one of these reasons.</summary>
    public void Refused(CallRecord call, params ReadOnlySpan<Reason> reasons)
    {
        foreach (var reason in reasons)
        {
            var isReason = call.Refusal == reason.Code
                && Of(reason.Id).Allowed(call).Any(reason.IsSo);
            if (isReason) return;
        }

        throw Wrong(call, "nothing that could be seen is a reason");
    }

    private void Counted(CallRecord call, GrainKind kind, long count, int leastLess, int mostLess)
    {
        var (least, most) = (0, 0);
        foreach (var history in All(kind, OwnerOf(call, kind)))
        {
            var isThere = history.Current(call).Select(version => IsThere(version, kind)).ToList();
            if (!isThere.Contains(false)) least++;
            if (isThere.Contains(true)) most++;
        }

        (least, most) = (Math.Max(0, least - mostLess), Math.Max(0, most - leastLess));
        if (count < least || count > most)
            throw new Violation(Rules.Listing, $"{call} counts {count} of {kind}, where there are {least} to {most}");
    }

    // A listing is of the database; the states of what is listed may be those that a node still has.
    private static bool CouldBe(CallRecord call, GrainHistory history, Func<GrainVersion, bool> isSo) =>
        history.Current(call).Any(isSo) || history.Allowed(call).Any(isSo);

    private static string OwnerOf(CallRecord call, GrainKind kind) => kind switch
    {
        GrainKind.Account or GrainKind.AccessKey => "",
        GrainKind.Cmk or GrainKind.Alias or GrainKind.ImportToken => call.Owner,
        _ => call.Account,
    };

    // Keys and accounts leave tombstones.
    private static bool IsThere(GrainVersion version, GrainKind kind) => version.Stored is not null && kind switch
    {
        GrainKind.Cmk => !version.Key!.IsDeleted,
        GrainKind.Account => !version.View(AccountView.Of)!.IsGone,
        _ => true,
    };
}

/// <summary>Why a call may be refused: that a grain could be seen to be so.</summary>
/// <param name="Code">The refusal.</param>
/// <param name="Id">The grain.</param>
/// <param name="IsSo">Whether a state of it is a reason.</param>
internal readonly record struct Reason(RefusalCode Code, GrainId Id, Func<GrainVersion, bool> IsSo)
{
    /// <summary>That it is not there.</summary>
    public static Reason NotThere(RefusalCode code, GrainId id) => new(code, id, version => version.Stored is null);

    /// <summary>That there is no such account.</summary>
    public static Reason NoAccount(string account) => new(
        RefusalCode.AccountNotFound,
        GrainId.OfAccount(account),
        version => version.View(AccountView.Of)?.IsGone != false);

    /// <summary>That the account is to be given nothing more.</summary>
    public static Reason ClosedAccount(string account) => new(
        RefusalCode.AccountStateFailed,
        GrainId.OfAccount(account),
        version => version.View(AccountView.Of)?.IsOpen == false);
}
