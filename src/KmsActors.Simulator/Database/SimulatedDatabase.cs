using System.Runtime.InteropServices;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>
/// What PostgreSQL is to real nodes, in memory: grains, reminders, listings, the feed and the board, with the meaning
/// that the PostgreSQL store gives them. It has no clock, no chance and no thread of its own, and nothing in it fails:
/// who calls it says what time it is there, and makes the faults.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class SimulatedDatabase
{
    private readonly DatabaseRules _rules;
    private readonly TransactionLog _log = new();
    private readonly Dictionary<GrainId, GrainRow> _grains = [];
    private readonly Dictionary<string, AccountTables> _accounts = [];

    /// <summary>Of the commit under way; one is at a time.</summary>
    private readonly CountChanges _counts = new();

    private long _lastETag;

    /// <summary>An empty database.</summary>
    /// <param name="rules">What it keeps to; all of it unless the checks of a run are to be tested.</param>
    public SimulatedDatabase(DatabaseRules? rules = null)
    {
        _rules = rules ?? DatabaseRules.All;
        Feed = new SimulatedFeed(_log, _rules);
        Board = new SimulatedBoard(Feed);
        Listings = new SimulatedListings(_accounts);
    }

    /// <summary>How nodes learn of each other and of each other's commits.</summary>
    public SimulatedFeed Feed { get; }

    /// <summary>Where nodes tell each other how much of a limit they are asked for.</summary>
    public SimulatedBoard Board { get; }

    /// <summary>The queries behind the List operations.</summary>
    public SimulatedListings Listings { get; }

    /// <summary>The reminders.</summary>
    public SimulatedReminders Reminders { get; } = new();

    /// <summary>All rows of grains, in no order that means anything, but the same in every run.</summary>
    public IReadOnlyCollection<GrainRow> Grains => _grains.Values;

    /// <summary>The accounts that have or had grains, in such an order.</summary>
    public IReadOnlyCollection<string> Accounts => _accounts.Keys;

    /// <summary>How many audit records there are.</summary>
    public long AuditRecords { get; private set; }

    /// <summary>Called after each transaction that has committed, before who committed it has the answer.</summary>
    public Action<CommittedTransaction>? Committed { get; set; }

    /// <summary>The state as last committed, or null when there is no row.</summary>
    public StoredGrain? Load(GrainId id) => Find(id)?.Stored;

    /// <summary>The row of a grain, or null.</summary>
    public GrainRow? Find(GrainId id) => _grains.GetValueOrDefault(id);

    /// <summary>
    /// Begins a transaction: it takes its place in the feed, but nothing is looked at nor done before it commits. In
    /// between time may pass, and others may commit: so they become visible out of the order of their numbers.
    /// </summary>
    public Transaction Begin() => new(_log.Begin(), ++_lastETag);

    /// <summary>Ends a transaction with nothing done.</summary>
    public void Abort(Transaction transaction) => _log.End(transaction.Number, null, 0);

    /// <summary>Does all of the commit at once, or nothing, and ends the transaction.</summary>
    /// <remarks>
    /// ETags of one grain increase, and not always in the order in which transactions commit: they are drawn when a
    /// transaction begins, as PostgreSQL's are drawn before the locks of rows. Whoever changes a row that is there has
    /// read its ETag before. But of a row that must not be there nobody knows the last ETag, nor has anybody named
    /// those that go with their owner; then another ETag is drawn now, as there after the locks.
    /// </remarks>
    /// <param name="transaction">Begun when the caller knew the ETags that it expects.</param>
    /// <param name="commit">What to do.</param>
    /// <param name="now">The database's time.</param>
    /// <exception cref="InvariantException">It contradicts itself or the database; nothing was done.</exception>
    public CommitResult Commit(Transaction transaction, GrainCommit commit, DateTimeOffset now)
    {
        CommittedTransaction? committed = null;
        try
        {
            CommitShape.Check(commit);
            var rows = Find(commit);
            if (_rules.ChecksETags && !AreETagsAsExpected(commit, rows)) return CommitResult.Conflict;
            Count(commit);
            if (!_counts.AreWithinLimits() && _rules.EnforcesCounts) return CommitResult.LimitExceeded;
            committed = Write(transaction, commit, rows, now);
        }
        finally
        {
            _log.End(transaction.Number, committed?.Changed(), committed?.ETag ?? 0);
        }

        Feed.Prune(now);
        Committed?.Invoke(committed);
        return new CommitResult(
            CommitStatus.Committed, committed.ETag, Array.ConvertAll(committed.Cascaded, grain => grain.Id));
    }

    private static bool AreETagsAsExpected(GrainCommit commit, GrainRow?[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if ((rows[i]?.Stored.ETag ?? 0) != commit.Writes[i].ExpectedETag) return false;
        }

        return true;
    }

    /// <summary>The rows that its writes are about, in their order.</summary>
    private GrainRow?[] Find(GrainCommit commit)
    {
        var rows = new GrainRow?[commit.Writes.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = Find(commit.Writes[i].Id);
        return rows;
    }

    private void Count(GrainCommit commit)
    {
        _counts.Clear();
        var writes = commit.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Change is not { } change) continue;
            var (before, now) = (change.ExistedBefore, change.ExistsNow);
            if (before != now)
            {
                _counts.Add(
                    Of(writes[i].Id.Account).Of(writes[i].Id.Kind),
                    now ? 1 : -1,
                    now ? change.CountLimit : long.MaxValue);
            }

            if (_rules.Cascades && CommitShape.Orphans(writes[i])) CountOwned(writes[i].Id, commit);
        }
    }

    /// <summary>What the CMK will own when everything is written.</summary>
    private void CountOwned(GrainId key, GrainCommit commit)
    {
        var account = Of(key.Account);
        foreach (var row in account.OwnedBy(key.Name))
        {
            if (row.Exists && !commit.Writes.Any(write => write.Id == row.Id && write.Change is not null)) Gone(row.Id);
        }

        foreach (var write in commit.Writes)
        {
            if (write.Id.Account == key.Account && write.Change is { ExistsNow: true } change
                && change.OwnerKeyId == key.Name)
            {
                Gone(write.Id);
            }
        }

        void Gone(GrainId id) => _counts.Add(account.Of(id.Kind), -1, long.MaxValue);
    }

    private CommittedTransaction Write(
        Transaction transaction, GrainCommit commit, GrainRow?[] rows, DateTimeOffset now)
    {
        var writes = commit.Writes;
        var before = Array.ConvertAll(rows, row => row?.Stored);
        var (etag, orphans) = (transaction.ETag, false);
        for (var i = 0; i < writes.Count; i++)
        {
            orphans |= CommitShape.Orphans(writes[i]);
            if (etag == transaction.ETag && (orphans || writes[i].ExpectedETag == 0)) etag = ++_lastETag;
        }

        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Change is { } change) Write(rows[i], writes[i].Id, change, etag);
        }

        // After all writes: what one of them has given to the CMK goes as well, what one has taken stays.
        var cascaded = orphans && _rules.Cascades ? Cascade(commit) : [];
        _counts.Apply();
        if (_rules.KeepsAudit) AuditRecords += commit.Audit.Count;
        return new CommittedTransaction(transaction.Number, etag, now, commit, before, cascaded);
    }

    private void Write(GrainRow? row, GrainId id, GrainChange change, long etag)
    {
        if (change.State is not { } state)
        {
            if (row is not null) Remove(row);
            return;
        }

        var account = Of(id.Account);
        var stored = new StoredGrain(etag, state);
        if (row is null)
        {
            row = new GrainRow(id, stored);
            _grains.Add(id, row);
            account.Add(row);
        }

        row.Stored = stored;
        row.Exists = change.ExistsNow;
        account.SetOwner(row, change.OwnerKeyId);
        if (_rules.KeepsListings) account.SetListing(row, change.Listing);
        foreach (var (reminder, dueAt) in change.Reminders)
        {
            if (dueAt is null || _rules.KeepsReminders) Reminders.Set(row, reminder, dueAt);
        }
    }

    private CascadedGrain[] Cascade(GrainCommit commit)
    {
        List<CascadedGrain> cascaded = [];
        foreach (var write in commit.Writes.Where(CommitShape.Orphans))
        {
            foreach (var row in Of(write.Id.Account).OwnedBy(write.Id.Name).ToList())
            {
                cascaded.Add(new CascadedGrain(row.Id, row.Stored));
                Remove(row);
            }
        }

        cascaded.Sort((left, right) => left.Id.CompareTo(right.Id));
        return [.. cascaded];
    }

    private void Remove(GrainRow row)
    {
        Reminders.Clear(row);
        Of(row.Id.Account).Remove(row);
        _grains.Remove(row.Id);
    }

    private AccountTables Of(string account)
    {
        ref var tables = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, account, out _);
        return tables ??= new AccountTables();
    }
}
