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
        var keys = Of(GrainId.OfAccessKey(call.AccessKeyId)).Allowed(call.Began, call.Ended)
            .Select(version => version.View(AccessKeyView.Of)).ToList();
        var accounts = Of(GrainId.OfAccount(call.Account)).Allowed(call.Began, call.Ended)
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
        foreach (var version in Of(GrainId.OfCmk(call.Account, keyId)).Allowed(call.Began, call.Ended))
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

        var found = Of(id).Current(call.Began, call.Ended).FirstOrDefault(isDone)
            ?? throw new Violation(Rules.LostWrite, $"{call} of {id}");
        Of(id).Heed(found, call.Ended);
    }

    /// <summary>The keys for which an alias may have stood, in a call; null for none.</summary>
    public IReadOnlyList<string?> Targets(CallRecord call, string alias) =>
        [.. Of(GrainId.OfAlias(call.Account, alias)).Allowed(call.Began, call.Ended)
            .Select(version => version.AliasOf).Distinct()];

    /// <summary>Whether an account, or what a call names of it, can have limits that are reached.</summary>
    public bool MayBeThrottled(CallRecord call) =>
        Of(GrainId.OfAccount(call.Account)).Allowed(call.Began, call.Ended)
            .Any(version => version.View(AccountView.Of)?.Rates.Count > 0);

    /// <summary>The earliest and the latest time that a clock can have shown during a call.</summary>
    private (DateTimeOffset From, DateTimeOffset To) TimesOf(CallRecord call) =>
        (call.BeganAt - bounds.ClockSpread, call.EndedAt + bounds.ClockSpread);

    private static Violation Wrong(CallRecord call, string why) => new(Rules.WrongRefusal, $"{call}: {why}");
}
