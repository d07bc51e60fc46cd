using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Simulator;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>What the simulator's database has beyond the contract: transactions that take time, and broken rules.</summary>
public sealed class SimulatedDatabaseTests
{
    private readonly List<CommittedTransaction> _committed = [];

    private SimulatedDatabase _database = new();

    public SimulatedDatabaseTests() => _database.Committed = _committed.Add;

    [Fact]
    public void Begin_NothingCommitted_IsNotSeenAndTheLaterOneConflicts()
    {
        var etag = Must(Write(Key("k"), 0, "first"));
        var (early, late) = (_database.Begin(), _database.Begin());
        Assert.Equal("first"u8, _database.Load(Key("k"))!.State);

        var second = Commit(late, Write(Key("k"), etag, "second"));
        Assert.Equal(CommitResult.Conflict, Commit(early, Write(Key("k"), etag, "late")));
        Assert.Equal(second.ETag, _database.Load(Key("k"))!.ETag);
    }

    // As they are drawn when they begin.
    [Fact]
    public void Commit_OtherRows_ETagsNeedNotBeInTheOrderOfCommits()
    {
        var etag = Must(Write(Key("a"), 0), Write(Key("b"), 0));
        var (early, late) = (_database.Begin(), _database.Begin());

        var first = Commit(late, Write(Key("a"), etag));
        var second = Commit(early, Write(Key("b"), etag));

        Assert.True(second.ETag < first.ETag);
        Assert.True(second.ETag > etag);
    }

    // Whoever knows a grain by an ETag takes a change with a lower one for one that it has.
    [Fact]
    public void Commit_MadeAgainByATransactionBegunBefore_HasTheGreaterETag()
    {
        var etag = Must(Write(Key("k"), 0));
        var early = _database.Begin();
        var deleted = Must(Write(Key("k"), etag, null));

        Assert.True(Commit(early, Write(Key("k"), 0)).ETag > deleted);
    }

    [Fact]
    public void Commit_OwnedGrainWrittenSinceItsBeginning_GoesWithTheGreaterETag()
    {
        var key = Must(Write(Key("k"), 0));
        var alias = Must(Write(Alias("a"), 0, owner: "k"));
        var early = _database.Begin();
        var written = Must(Write(Alias("a"), alias, owner: "k"));

        var result = Commit(early, Write(Key("k"), key, null));
        Assert.Equal([Alias("a")], result.Cascaded);
        Assert.True(result.ETag > written);
    }

    [Fact]
    public void Commit_OwnedGrainThatIsGone_DoesNotGoAgain()
    {
        var etag = Must(Write(Key("k"), 0), Write(Alias("a"), 0, owner: "k"), Write(Alias("b"), 0, owner: "k"));
        Must(Write(Alias("a"), etag, null));

        Assert.Equal([Alias("b")], Commit(Write(Key("k"), etag, null)).Cascaded);
        Assert.Empty(_database.Grains);
    }

    [Fact]
    public void Commit_AliasMovedAmongOthers_IsWithItsNewKey()
    {
        string[] keys = ["k0", "k1", "k2", "k3", "k4"];
        foreach (var key in keys) Must(Write(Alias($"of {key}"), 0, owner: key));
        Must(Write(Alias("of k0"), _database.Load(Alias("of k0"))!.ETag, owner: "k4"));
        Must(Write(Alias("of k1"), _database.Load(Alias("of k1"))!.ETag, owner: "k0"));

        string[][] expected = [["of k1"], [], ["of k2"], ["of k3"], ["of k0", "of k4"]];
        Assert.Equal(expected, keys.Select(key =>
            _database.Listings.AliasesOfKey(Account, key, 0, 10).Items.Select(row => row.Alias).ToArray()));
    }

    [Fact]
    public void Commit_MoreCeaseToExistThanDo_IsTheCallersFault()
    {
        var etag = Must(Write(Key("k"), 0, existsNow: false));

        Assert.Throws<InvariantException>(() => Commit(Write(Key("k"), etag, null, existedBefore: true)));
        Assert.Equal(etag, _database.Load(Key("k"))!.ETag);
        Assert.Single(_committed);
    }

    [Fact]
    public void Committed_TellsWhatWasThereBeforeAndWhatWent()
    {
        var etag = Must(Write(Key("k"), 0, "key"), Write(Token("t"), 0, "token", owner: "k"));
        var alias = Must(Write(Alias("a"), 0, "alias", owner: "l"));
        Commit(Write(Key("k"), 0));
        var transaction = _database.Begin();
        var commit = Make.Commit(
            Write(Key("new"), 0), Guard(Key("none"), 0), Write(Alias("a"), alias, "moved", owner: "k"), Write(Key("k"), etag, null));
        var result = _database.Commit(transaction, commit, Start.AddDays(1));

        Assert.Equal(3, _committed.Count);
        var told = _committed[^1];
        Assert.Equal((transaction.Number, result.ETag, Start.AddDays(1)), (told.Number, told.ETag, told.At));
        Assert.Same(commit, told.Commit);
        Assert.Equal([null, null, "alias", "key"], told.Before.Select(Text));
        Assert.Equal([(Alias("a"), "moved"), (Token("t"), "token")], told.Cascaded.Select(gone => (gone.Id, Text(gone.Last))));
        Assert.Equal([Key("new"), Alias("a"), Key("k"), Alias("a"), Token("t")], told.Changed());

        static string? Text(StoredGrain? grain) => grain is null ? null : System.Text.Encoding.UTF8.GetString(grain.State);
    }

    [Fact]
    public void Grains_Always_AreTheRowsWithWhatIsBesideThem()
    {
        var etag = Must(Write(Alias("a"), 0, owner: "k"), Write(Key("gone"), 0));
        Must(Write(Key("gone"), etag, null), Write(Token("t"), 0, existsNow: false, reminders: (Reminder.ExpireToken, Start)));

        Assert.Equal([Alias("a"), Token("t")], _database.Grains.Select(row => row.Id).Order());
        var alias = _database.Find(Alias("a"))!;
        Assert.Equal((true, "k", new AliasListing("k")), (alias.Exists, alias.Owner, alias.Listing));
        var token = _database.Find(Token("t"))!;
        Assert.Equal((false, null, null), (token.Exists, token.Owner, token.Listing));
        Assert.Equal(Reminder.ExpireToken, Assert.Single(token.Reminders!).Reminder);
        Assert.Equal([Account], _database.Accounts);
    }

    [Fact]
    public void ChecksETags_Off_WritesOverWhatIsThere()
    {
        Break(new() { ChecksETags = false });
        Must(Write(Key("k"), 0, "first"));
        Must(Write(Key("k"), 0, "second", existedBefore: true));
        Must(Write(Key("l"), 77));

        Assert.Equal("second"u8, _database.Load(Key("k"))!.State);
        Assert.NotNull(_database.Load(Key("l")));
    }

    [Fact]
    public void KeepsReminders_Off_SetsNone()
    {
        Break(new() { KeepsReminders = false });
        Must(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, Start)));

        Assert.Null(_database.Reminders.Next);
    }

    [Fact]
    public void KeepsListings_Off_ListsNothing()
    {
        Break(new() { KeepsListings = false });
        var etag = Must(Write(Key("k"), 0), Write(Alias("a"), 0));
        Assert.Empty(_database.Listings.Keys(Account, KeyFilter.None, 0, 10).Items);
        Assert.Empty(_database.Listings.Aliases(Account, 0, 10).Items);

        Must(Write(Key("k"), etag, null), Write(Alias("a"), etag, null));
    }

    [Fact]
    public void Cascades_Off_WhatAKeyOwnsStaysAndCounts()
    {
        Break(new() { Cascades = false });
        var etag = Must(Write(Key("k"), 0), Write(Token("t"), 0, owner: "k"));

        Assert.Empty(Commit(Write(Key("k"), etag, null)).Cascaded);
        Assert.NotNull(_database.Load(Token("t")));
        Assert.Equal(1, _database.Listings.Counts(Account)[GrainKind.ImportToken]);
    }

    [Fact]
    public void EnforcesCounts_Off_CountsPastTheLimit()
    {
        Break(new() { EnforcesCounts = false });
        Must(Write(Key("k"), 0, limit: 1));
        Must(Write(Key("l"), 0, limit: 1));

        Assert.Equal(2, _database.Listings.Counts(Account)[GrainKind.Cmk]);
    }

    [Fact]
    public void KeepsAudit_Off_LeavesNoRecord()
    {
        Must(Write(Key("k"), 0));
        Assert.Equal(1, _database.AuditRecords);
        Break(new() { KeepsAudit = false });
        Must(Write(Key("k"), 0));

        Assert.Equal(0, _database.AuditRecords);
    }

    private void Break(DatabaseRules rules) => _database = new SimulatedDatabase(rules);

    private CommitResult Commit(params GrainWrite[] writes) => Commit(_database.Begin(), writes);

    private CommitResult Commit(Transaction transaction, params GrainWrite[] writes) =>
        _database.Commit(transaction, Make.Commit(writes), Start);

    private long Must(params GrainWrite[] writes)
    {
        var result = Commit(writes);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result.ETag;
    }
}
