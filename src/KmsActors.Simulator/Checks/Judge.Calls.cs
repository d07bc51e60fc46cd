using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <content>What a call's answer is held against.</content>
internal sealed partial class Judge
{
    /// <summary>Whether the call came to something that a key, as it may have been seen, allows.</summary>
    /// <param name="call">The call, answered.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="refuses">Why it has to be refused by a key, which may not be there, at a time; or null.</param>
    public void Key(CallRecord call, string keyId, Func<KeyView?, DateTimeOffset, RefusalCode?> refuses)
    {
        var (from, to) = TimesOf(call);
        HashSet<RefusalCode> refusals = [];
        var succeeds = false;
        var rights = RightsOf(call);
        foreach (var version in Of(GrainId.OfCmk(call.Owner, keyId)).Allowed(call))
        {
            foreach (var at in (ReadOnlySpan<DateTimeOffset>)[from, to])
            {
                foreach (var right in rights)
                {
                    var refused = Forbids(right, keyId, version.Key, at) ?? refuses(version.Key, at);
                    if (refused is { } refusal) refusals.Add(refusal);
                    else succeeds = true;
                }
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
        [.. Of(GrainId.OfAlias(call.Owner, alias)).Allowed(call)
            .Select(version => version.AliasOf).Distinct()];

    /// <summary>Whether a call that was refused for having been made too often could be.</summary>
    public void Throttled(CallRecord call)
    {
        var isLimited = bounds.HasLimits
            || Of(GrainId.OfAccount(call.Account)).Allowed(call)
                .Any(version => version.View(AccountView.Of)?.Rates.Count > 0)
            || All(GrainKind.Cmk, call.Owner).Any(key =>
                key.Allowed(call).Any(version => version.Key?.Rate > 0));
        if (!isLimited) throw Wrong(call, "nothing is limited");
    }

    /// <summary>Whether an account could be found to have all that it may of a kind.</summary>
    public void AtLimit(CallRecord call, GrainKind kind)
    {
        if (call.Refusal != RefusalCode.LimitExceeded) throw Wrong(call, "no such refusal");
        var quota = bounds.Quotas[kind];
        var least = Of(GrainId.OfAccount(call.Account)).Allowed(call)
            .Min(version => MostOf(version.View(AccountView.Of), quota, call.Project));
        if (MostOf(call, kind) < least) throw Wrong(call, $"it has not {least} of {kind}");
    }

    /// <summary>The same as of one key of any of these; null for none.</summary>
    public void AnyKey(CallRecord call, IReadOnlyList<string?> keyIds, KeyCommand command)
    {
        var (earliest, latest) = TimesOf(call);
        var rights = RightsOf(call);
        var refusals =
            from keyId in keyIds.OfType<string>()
            from version in Of(GrainId.OfCmk(call.Owner, keyId)).Allowed(call)
            from at in new[] { earliest, latest }
            from right in rights
            select Forbids(right, keyId, version.Key, at) ?? KeyView.Refuses(version.Key, command, at);
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
        var versions = Of(GrainId.OfCmk(call.Owner, keyId)).Allowed(call);
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

    // The first import decides which material it is, and may have brought the wrong one.
    private bool WasOther(CallRecord call, string keyId) =>
        Of(GrainId.OfCmk(call.Owner, keyId)).Allowed(call)
            .Any(version => version.Stored is { } stored && stored.AsSpan().IndexOf("Fingerprint"u8) >= 0);

    private static DateTimeOffset? Expiry(GrainVersion version) =>
        version.View(stored => (object)stored.GetProperty("ExpiresAt").GetDateTimeOffset()) as DateTimeOffset?;

    // As many as there were at any time of the call, at least.
    private long MostOf(CallRecord call, GrainKind kind) => All(kind, OwnerOf(call, kind)).Count(history =>
        history.Current(call).Any(version => IsThere(version, kind)));

    /// <summary>The earliest and the latest time that a clock can have shown during a call.</summary>
    private (DateTimeOffset From, DateTimeOffset To) TimesOf(CallRecord call) =>
        (call.BeganAt - bounds.ClockSpread, call.EndedAt + bounds.ClockSpread);

    private static Violation Wrong(CallRecord call, string why) => new(Rules.WrongRefusal, $"{call}: {why}");
}
