using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <content>What a call's answer is held against.</content>
internal sealed partial class Judge
{
    /// <summary>
    /// Whether the caller was let in, or not, as he had to be. True if it was for other reasons that the call came to
    /// what it did.
    /// </summary>
    public bool Caller(CallRecord call)
    {
        if (call.AccessKeyId is null) return true;
        var keys = Of(GrainId.OfAccessKey(call.AccessKeyId)).Allowed(call)
            .Select(version => version.View(AccessKeyView.Of)).ToList();
        var accounts = Of(GrainId.OfAccount(call.Account)).Allowed(call)
            .Select(version => version.View(AccountView.Of)?.Status).ToList();
        var (from, to) = TimesOf(call);
        var mayPass = keys.Exists(key => key?.IsActiveAt(from) == true) && accounts.Contains(AccountStatus.Active);
        switch (call.Refusal)
        {
            case RefusalCode.AccessKeyNotFound:
                if (!keys.Contains(null)) throw Wrong(call, "there is the access key");
                return false;
            case RefusalCode.AccessKeyDisabled:
                var isActive = keys.TrueForAll(key => key?.IsActiveAt(to) == true)
                    && accounts.TrueForAll(status => status == AccountStatus.Active);
                if (isActive) throw Wrong(call, "the access key and its account are active");
                return false;
            default:
                if (!mayPass) throw new Violation(Rules.OldRight, $"{call}: the access key or its account is not active");
                return true;
        }
    }

    /// <summary>Whether the call came to something that a key, as it may have been seen, allows.</summary>
    /// <param name="call">The call, answered.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="refuses">Why it has to be refused by a key, which may not be there, at a time; or null.</param>
    public void Key(CallRecord call, string keyId, Func<KeyView?, DateTimeOffset, RefusalCode?> refuses)
    {
        var (from, to) = TimesOf(call);
        HashSet<RefusalCode> refusals = [];
        var succeeds = false;
        foreach (var version in Of(GrainId.OfCmk(call.Account, keyId)).Allowed(call))
        {
            foreach (var at in (ReadOnlySpan<DateTimeOffset>)[from, to])
            {
                if (refuses(version.Key, at) is { } refusal) refusals.Add(refusal);
                else succeeds = true;
            }
        }

        if (call.Refusal is { } was ? refusals.Contains(was) : succeeds) return;
        var could = string.Join(", ", refusals.Order().Select(code => code.ToString()));
        throw call.Refusal is null
            ? new Violation(Rules.OldRight, $"{call} with {keyId}, which refuses: {could}")
            : Wrong(call, $"{keyId} {(succeeds ? "allows it" : "refuses otherwise")}: {could}");
    }

    /// <summary>The same of a command that the tables alone decide on.</summary>
    public void Key(CallRecord call, string keyId, KeyCommand command) =>
        Key(call, keyId, (key, at) => KeyView.Refuses(key, command, at));

    /// <summary>
    /// Whether what a call was told to have done has been done, by it or before; whoever was told counts on it.
    /// </summary>
    /// <param name="call">The call, done.</param>
    /// <param name="id">Of which grain.</param>
    /// <param name="isDone">Whether a state has it.</param>
    public void Done(CallRecord call, GrainId id, Func<GrainVersion, bool> isDone)
    {
        var own = call.Commits.FindLast(commit => commit.Id == id).Version;
        if (own is not null)
        {
            if (!isDone(own)) throw new Violation(Rules.LostWrite, $"{call} made something else of {id}");
            return;
        }

        var found = Of(id).Current(call).FirstOrDefault(isDone)
            ?? throw new Violation(Rules.LostWrite, $"{call} of {id}");
        Of(id).Heed(found, call.Ended);
    }

    /// <summary>The keys for which an alias may have stood, in a call; null for none.</summary>
    public IReadOnlyList<string?> Targets(CallRecord call, string alias) =>
        [.. Of(GrainId.OfAlias(call.Account, alias)).Allowed(call)
            .Select(version => version.AliasOf).Distinct()];

    /// <summary>Whether a call that was refused for having been made too often could be.</summary>
    public void Throttled(CallRecord call)
    {
        var isLimited = bounds.HasLimits
            || Of(GrainId.OfAccount(call.Account)).Allowed(call)
                .Any(version => version.View(AccountView.Of)?.Rates.Count > 0)
            || All(GrainKind.Cmk, call.Account).Any(key => key.Allowed(call).Any(version => version.Key?.HasRate == true));
        if (!isLimited) throw Wrong(call, "nothing is limited");
    }

    /// <summary>Whether an account could be found to have all that it may of a kind.</summary>
    public void AtLimit(CallRecord call, GrainKind kind)
    {
        if (call.Refusal != RefusalCode.LimitExceeded) throw Wrong(call, "no such refusal");
        var quota = bounds.Quotas[kind];
        var least = Of(GrainId.OfAccount(call.Account)).Allowed(call)
            .Min(version => version.View(AccountView.Of)?.Quotas.GetValueOrDefault(quota.Name, quota.Most) ?? quota.Most);
        if (MostOf(call, kind) < least) throw Wrong(call, $"it has not {least} of {kind}");
    }

    /// <summary>The same as of one key of any of these; null for none.</summary>
    public void AnyKey(CallRecord call, IReadOnlyList<string?> keyIds, KeyCommand command)
    {
        var (from, to) = TimesOf(call);
        var refusals = keyIds.OfType<string>()
            .SelectMany(keyId => Of(GrainId.OfCmk(call.Account, keyId)).Allowed(call))
            .SelectMany(version => new[] { from, to }.Select(at => KeyView.Refuses(version.Key, command, at)));
        if (!refusals.Contains(call.Refusal)) throw Wrong(call, "no key that it may have meant refuses so");
    }

    /// <summary>Whether one of two keys can have refused a call.</summary>
    public void EitherKey(
        CallRecord call,
        (string Id, Func<KeyView?, DateTimeOffset, RefusalCode?> Refuses) first,
        (string Id, Func<KeyView?, DateTimeOffset, RefusalCode?> Refuses) second)
    {
        try
        {
            Key(call, first.Id, first.Refuses);
        }
        catch (Violation)
        {
            Key(call, second.Id, second.Refuses);
        }
    }

    /// <summary>Whether a version of a key that encrypted was its last.</summary>
    public void Version(CallRecord call, string keyId, string versionId)
    {
        var versions = Of(GrainId.OfCmk(call.Account, keyId)).Allowed(call);
        if (!versions.Any(version => version.Key?.Versions is [.., var last] && last == versionId))
            throw new Violation(Rules.OldRight, $"{call} with an old version of {keyId}");
    }

    /// <summary>Whether an import token could be used.</summary>
    public void Token(CallRecord call, GrainId tokenId)
    {
        var (from, _) = TimesOf(call);
        if (!Of(tokenId).Allowed(call).Any(version => Expiry(version) > from))
            throw new Violation(Rules.OldRight, $"{call} by a token that was used or is too old");
    }

    /// <summary>Whether an import could be refused so.</summary>
    public void ImportRefused(CallRecord call, string keyId, GrainId tokenId, DateTimeOffset? expiry, bool isOther)
    {
        var (_, to) = TimesOf(call);
        var tokens = Of(tokenId).Allowed(call).Select(Expiry).ToList();
        var could = call.Refusal switch
        {
            RefusalCode.ParameterInvalid => expiry <= to,
            RefusalCode.ImportTokenInvalid => tokens.Contains(null),
            RefusalCode.ImportTokenExpired => tokens.Exists(end => end <= to),
            RefusalCode.KeyMaterialDiffers or RefusalCode.KeyMaterialInvalid => isOther || WasOther(call, keyId),
            _ => false,
        };
        if (!could) Key(call, keyId, KeyCommand.ImportMaterial);
    }

    /// <summary>
    /// Whether a listing, read at some time of the call, has what there was all the time and not what there never was.
    /// </summary>
    public void Listed(CallRecord call, GrainKind kind, IReadOnlyCollection<string> names, int most)
    {
        var listed = names.ToHashSet();
        if (listed.Count != names.Count) throw new Violation(Rules.Listing, $"{call} has something twice");
        if (names.Count == most) return;
        foreach (var history in All(kind, call.Account))
        {
            var versions = history.Current(call).Select(version => IsThere(version, kind)).ToList();
            var isListed = listed.Remove(history.Id.Name);
            if (!versions.Contains(isListed))
                throw new Violation(Rules.Listing, $"{call}: {history.Id} is {(isListed ? "" : "not ")}listed");
        }

        if (listed.Count > 0) throw new Violation(Rules.Listing, $"{call} has {listed.First()}, which there never was");
    }

    // The first import decides which material it is, and may have brought the wrong one.
    private bool WasOther(CallRecord call, string keyId) =>
        Of(GrainId.OfCmk(call.Account, keyId)).Allowed(call)
            .Any(version => version.Stored is { } stored && stored.AsSpan().IndexOf("Fingerprint"u8) >= 0);

    private static DateTimeOffset? Expiry(GrainVersion version) =>
        version.View(stored => (object)stored.GetProperty("ExpiresAt").GetDateTimeOffset()) as DateTimeOffset?;

    // As many as there were at any time of the call, at least.
    private long MostOf(CallRecord call, GrainKind kind) => All(kind, call.Account).Count(history =>
        history.Current(call).Any(version => IsThere(version, kind)));

    private static bool IsThere(GrainVersion version, GrainKind kind) =>
        version.Stored is not null && !(kind == GrainKind.Cmk && version.Key!.IsDeleted);

    /// <summary>The earliest and the latest time that a clock can have shown during a call.</summary>
    private (DateTimeOffset From, DateTimeOffset To) TimesOf(CallRecord call) =>
        (call.BeganAt - bounds.ClockSpread, call.EndedAt + bounds.ClockSpread);

    private static Violation Wrong(CallRecord call, string why) => new(Rules.WrongRefusal, $"{call}: {why}");
}
