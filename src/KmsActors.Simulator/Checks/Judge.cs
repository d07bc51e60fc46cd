using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>
/// Knows what was committed and what callers were told, and holds the one against the other. It looks at stored states
/// by its own reading of them, and at nothing that a node has in memory.
/// </summary>
/// <param name="world">Where the time is.</param>
/// <param name="database">Where the truth is.</param>
/// <param name="bounds">How far nodes may be behind.</param>
internal sealed partial class Judge(World world, SimulatedDatabase database, JudgeBounds bounds)
{
    /// <summary>The one region that the service is.</summary>
    public const string Region = "cn-hangzhou";

    /// <summary>By how much, at the most, a clock differs from the true time.</summary>
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private const int MostRefusedKept = 10_000;

    private readonly Dictionary<GrainId, GrainHistory> _histories = [];
    private readonly Dictionary<(GrainKind, string), List<GrainHistory>> _byKind = [];
    private readonly Dictionary<string, CallRecord> _underWay = [];
    private readonly Dictionary<string, CallRecord> _unknown = [];
    private readonly HashSet<string> _refused = [];
    private readonly CommitChecks _commitChecks = new(database);
    private long _audited;
    private long _happened;

    /// <summary>How many commits there were.</summary>
    public long Commits { get; private set; }

    /// <summary>Told of each commit, when it was checked and is not yet part of the histories.</summary>
    public Action<CommittedTransaction>? Committing { get; set; }

    /// <summary>The states that a grain has had.</summary>
    public GrainHistory Of(GrainId id)
    {
        if (_histories.TryGetValue(id, out var history)) return history;
        _histories.Add(id, history = new GrainHistory(id));
        if (!_byKind.TryGetValue((id.Kind, id.Account), out var all)) _byKind.Add((id.Kind, id.Account), all = []);
        all.Add(history);
        return history;
    }

    /// <summary>All that there are or were of a kind, of an account.</summary>
    public IReadOnlyList<GrainHistory> All(GrainKind kind, string account) =>
        _byKind.GetValueOrDefault((kind, account)) ?? [];

    /// <summary>A call begins.</summary>
    public void Begin(CallRecord call)
    {
        (call.Began, call.BeganElapsed, call.BeganAt) = (++_happened, world.Elapsed, world.Now);
        _underWay.Add(call.RequestId, call);
    }

    /// <summary>A call has its answer, or never will have one that can be told.</summary>
    public void End(CallRecord call, Answer? answer)
    {
        (call.Answer, call.Ended, call.EndedAt) = (answer, ++_happened, world.Now);
        _underWay.Remove(call.RequestId);
        if (answer is null)
        {
            _unknown.Add(call.RequestId, call);
            return;
        }

        if (answer.Refusal is null)
        {
            foreach (var (id, version) in call.Commits)
            {
                // A login says nothing of its user, of whom it only forgets what failed before.
                var saysNothing = id.Kind == GrainKind.User && call.Name == nameof(IssueAuthToken);
                if (!saysNothing) Of(id).Heed(version, call.Ended);
            }

            return;
        }

        if (call.CommitsRefusals || answer.Refusal == RefusalCode.Unavailable) return;
        if (call.Commits.Count > 0) throw new Violation(Rules.LeftBehind, call.ToString());
        if (_refused.Count == MostRefusedKept) _refused.Clear();
        _refused.Add(call.RequestId);
    }

    /// <summary>The database has committed something.</summary>
    public void Committed(CommittedTransaction transaction)
    {
        Commits++;
        _audited += transaction.Commit.Audit.Count;
        if (database.AuditRecords != _audited)
            throw new Violation(Rules.Audit, $"{database.AuditRecords} of {_audited}");
        var first = transaction.Commit.Audit[0];
        if (_refused.Contains(first.RequestId))
            throw new Violation(Rules.LeftBehind, $"{first.RequestId} committed {string.Join(' ', first.Events)}");
        var call = _underWay.GetValueOrDefault(first.RequestId);
        _commitChecks.Check(transaction);
        foreach (var audit in transaction.Commit.Audit) CheckDeletion(audit);
        if ((call ?? _unknown.GetValueOrDefault(first.RequestId)) is { } caller) CheckQuotas(transaction, caller);
        Committing?.Invoke(transaction);
        var changes = transaction.Commit.Writes.Where(write => write.Change is not null)
            .Select(write => (write.Id, write.Change!.State))
            .Concat(transaction.Cascaded.Select(gone => (gone.Id, (byte[]?)null)));
        foreach (var (id, state) in changes)
        {
            var version = new GrainVersion(state is null ? 0 : transaction.ETag, ++_happened, state);
            Add(id, version);
            call?.Commits.Add((id, version));
        }
    }

    /// <summary>
    /// Whether all rows say the same, and the counts what there is. To be asked when nothing goes on any more: what was
    /// not answered until now is not carried out later.
    /// </summary>
    public void CheckAll()
    {
        _unknown.Clear();
        var counts = new Dictionary<(string, GrainKind), long>();
        foreach (var row in database.Grains)
        {
            _commitChecks.CheckRows(row.Id);
            var place = (row.Id.Account, row.Id.Kind);
            if (row.Exists) counts[place] = counts.GetValueOrDefault(place) + 1;
            if (Of(row.Id).Latest.ETag != row.Stored.ETag)
                throw new Violation(Rules.LostWrite, $"{row.Id} is not as committed");
        }

        foreach (var row in database.Grains)
        {
            var account = Of(GrainId.OfAccount(KeyOwner.Parse(row.Id.Account).Account)).Latest.View(AccountView.Of);
            if (account?.IsGone == true)
                throw new Violation(Rules.LeftBehind, $"{row.Id}, of an account that is erased");
        }

        foreach (var account in database.Accounts)
        {
            foreach (var (kind, count) in database.Listings.Counts(account))
            {
                if (counts.GetValueOrDefault((account, kind)) != count)
                    throw new Violation(Rules.Listing, $"{account} is counted to have {count} of {kind}");
            }
        }
    }

    private void Add(GrainId id, GrainVersion version)
    {
        var history = Of(id);
        history.Add(version, world.Elapsed + bounds.LongestStale);
        var (began, elapsed) = (_happened, world.Elapsed);
        foreach (var call in _underWay.Values.Concat(_unknown.Values))
        {
            if (call.Began < began) (began, elapsed) = (call.Began, call.BeganElapsed);
        }

        history.Forget(began, elapsed);
    }

    private void CheckDeletion(AuditRecord audit)
    {
        if (!audit.Events.Contains(AuditEvent.KeyDeleted)) return;
        var id = audit.Subject;
        var due = Of(id).Latest.Key?.DeletionDate
            ?? throw new Violation(Rules.Early, $"{id} was not to be deleted at all");
        if (audit.At < due || world.Now < due - bounds.ClockSpread)
            throw new Violation(Rules.Early, $"{id} due {due:O} was deleted {world.Now:O}, by its node {audit.At:O}");
    }

    /// <summary>No account may come to have more than any limit allows that its call could know.</summary>
    private void CheckQuotas(CommittedTransaction transaction, CallRecord call)
    {
        foreach (var (kind, quota) in bounds.Quotas)
        {
            var changes = transaction.Commit.Writes
                .Where(write => write.Id.Kind == kind && write.Change is not null).ToList();
            var more = changes.Sum(write => (write.Change!.ExistsNow ? 1 : 0) - (write.Change.ExistedBefore ? 1 : 0));
            // A default master key counts against no quota.
            if (more <= 0 || IsOfDefaultKey(transaction)) continue;
            var owner = changes[0].Id.Account;
            var (account, project) = KeyOwner.Parse(owner);
            var most = Of(GrainId.OfAccount(account)).Allowed(call)
                .Max(version => MostOf(version.View(AccountView.Of), quota, project));
            var count = database.Listings.Counts(owner)[kind];
            if (count > most) throw new Violation(Rules.Quota, $"{owner} has {count} of {kind}, and may have {most}");
        }
    }

    private static bool IsOfDefaultKey(CommittedTransaction transaction) => transaction.Commit.Writes.Any(write =>
        write.Id.Kind == GrainKind.Alias && write.Id.Name.EndsWith("/default", StringComparison.Ordinal));

    /// <summary>How many of something there may be in a project.</summary>
    private static long MostOf(AccountView? account, (string Name, long Most) quota, string? project)
    {
        if (account is null) return quota.Most;
        var ofDefault = quota.Name == nameof(Quota.Keys) ? account.DefaultKeysOf(project).Count : 0;
        return account.Quotas.GetValueOrDefault(quota.Name, quota.Most) + ofDefault;
    }
}

/// <summary>How far nodes may be behind, and how much accounts may have.</summary>
internal sealed record JudgeBounds
{
    /// <summary>
    /// For how long after a commit a node may use what was before, by the true time; null for until its caller is
    /// answered, as a node alone does.
    /// </summary>
    public required TimeSpan? LongestStale { get; init; }

    /// <summary>By how much two clocks can differ.</summary>
    public required TimeSpan ClockSpread { get; init; }

    /// <summary>Whether all accounts have limits of calls or keys of uses.</summary>
    public bool HasLimits { get; init; }

    /// <summary>The quotas by kind: their names in an account's state, and what they are without one there.</summary>
    public required IReadOnlyDictionary<GrainKind, (string Name, long Most)> Quotas { get; init; }
}
