using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task LoadAsync_NoRow_Null() => Assert.Null(await Store.LoadAsync(Key("k"), default));

    [Fact]
    public async Task LoadAsync_AfterCommit_StateAndETag()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0, "first"));

        var grain = await Store.LoadAsync(Key("k"), default);

        Assert.Equal(State("first"), grain!.State);
        Assert.Equal(etag, grain.ETag);
        Assert.True(etag > 0);
    }

    [Fact]
    public async Task LoadAsync_OtherKindAccountOrName_Null()
    {
        await MustCommitAsync(Write(Key("k"), 0));

        Assert.Null(await Store.LoadAsync(Alias("k"), default));
        Assert.Null(await Store.LoadAsync(Key("k", "another"), default));
        Assert.Null(await Store.LoadAsync(Key("K"), default));
    }

    [Fact]
    public async Task LoadAsync_Cancelled_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.LoadAsync(Key("k"), new CancellationToken(canceled: true)));

    [Fact]
    public async Task CommitAsync_CurrentETag_Replaces()
    {
        var first = await MustCommitAsync(Write(Key("k"), 0, "first"));
        var second = await MustCommitAsync(Write(Key("k"), first, "second"));

        Assert.True(second > first);
        Assert.Equal("second", await StateAsync(Key("k")));
        Assert.Equal(second, await ETagAsync(Key("k")));
    }

    [Fact]
    public async Task CommitAsync_StaleETag_Conflict()
    {
        var first = await MustCommitAsync(Write(Key("k"), 0, "first"));
        await MustCommitAsync(Write(Key("k"), first, "second"));

        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(Write(Key("k"), first, "late"))).Status);
        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(Write(Key("k"), first, null))).Status);
        Assert.Equal("second", await StateAsync(Key("k")));
    }

    [Fact]
    public async Task CommitAsync_NoRowExpectedButThereIsOne_Conflict()
    {
        await MustCommitAsync(Write(Key("k"), 0, "first"));

        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(Write(Key("k"), 0, "late"))).Status);
        var deletion = await CommitAsync(Write(Key("k"), 0, null));
        Assert.Equal(CommitStatus.Conflict, deletion.Status);
        Assert.Equal("first", await StateAsync(Key("k")));
    }

    [Fact]
    public async Task CommitAsync_RowExpectedButThereIsNone_Conflict()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0));

        Assert.Equal(CommitStatus.Conflict, (await CommitAsync(Write(Key("other"), etag))).Status);
        Assert.Null(await StateAsync(Key("other")));
    }

    [Fact]
    public async Task CommitAsync_StateNull_DeletesTheRow()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0));
        await MustCommitAsync(Write(Key("k"), etag, null));

        Assert.Null(await StateAsync(Key("k")));
    }

    [Fact]
    public async Task CommitAsync_StateNullWithoutRow_ChangesNothing()
    {
        await MustCommitAsync(Write(Key("k"), 0, null, existedBefore: false));

        Assert.Null(await StateAsync(Key("k")));
        Assert.Equal(0, (await KeysAsync()).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_DeletedAndCreatedAgain_ETagIsNotReused()
    {
        var first = await MustCommitAsync(Write(Key("k"), 0));
        var deleted = await MustCommitAsync(Write(Key("k"), first, null));
        await using (Store)
        {
        }

        var reopened = await OpenAnotherAsync();
        var again = await reopened.CommitAsync(Commit(Write(Key("k"), 0)), default);

        Assert.True(deleted > first);
        Assert.True(again.ETag > deleted);
        var late = await reopened.CommitAsync(Commit(Write(Key("k"), first, "late")), default);
        Assert.Equal(CommitStatus.Conflict, late.Status);
    }

    [Fact]
    public async Task CommitAsync_GuardHolds_RowStaysAsItIs()
    {
        var guarded = await MustCommitAsync(Write(Key("k"), 0, "guarded"));
        await MustCommitAsync(Write(Alias("a"), 0), Guard(Key("k"), guarded), Guard(Key("none"), 0));

        Assert.Equal("guarded", await StateAsync(Key("k")));
        Assert.Equal(guarded, await ETagAsync(Key("k")));
        Assert.Null(await StateAsync(Key("none")));
    }

    [Fact]
    public async Task CommitAsync_GuardFails_NothingIsDone()
    {
        var guarded = await MustCommitAsync(Write(Key("k"), 0));

        var stale = await CommitAsync(Write(Alias("a"), 0), Guard(Key("k"), guarded + 1));
        var absent = await CommitAsync(Write(Alias("a"), 0), Guard(Key("none"), guarded));
        var present = await CommitAsync(Write(Alias("a"), 0), Guard(Key("k"), 0));

        Assert.All([stale, absent, present], result => Assert.Equal(CommitStatus.Conflict, result.Status));
        Assert.Null(await StateAsync(Alias("a")));
        Assert.Equal(0, (await AliasesAsync()).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_SecondWriteConflicts_FirstIsNotDone()
    {
        var one = await MustCommitAsync(
            Write(Key("one"), 0, "before", reminders: (Reminder.DeleteKey, Start)));
        var two = await MustCommitAsync(Write(Key("two"), 0));

        var result = await CommitAsync(
            Write(Key("one"), one, null),
            Write(Key("new"), 0, reminders: (Reminder.DeleteKey, Start)),
            Write(Key("two"), two + 100));

        Assert.Equal(CommitResult.Conflict, result);
        Assert.Equal("before", await StateAsync(Key("one")));
        Assert.Null(await StateAsync(Key("new")));
        Assert.Equal(["one", "two"], (await KeysAsync()).Items);
        Assert.Equal(2, (await KeysAsync()).TotalCount);
        Assert.Equal(Key("one"), Assert.Single(await DueAsync(Start)).Id);
        Assert.Equal(2, (await ReadAuditAsync()).Count);
    }

    [Fact]
    public async Task CommitAsync_SeveralWrites_ShareTheETag()
    {
        var etag = await MustCommitAsync(Write(Key("one"), 0), Write(Key("two"), 0));

        Assert.Equal(etag, await ETagAsync(Key("one")));
        Assert.Equal(etag, await ETagAsync(Key("two")));
    }

    [Fact]
    public async Task CommitAsync_Committed_LeavesOneAuditRow()
    {
        var subject = Key("k");
        var result = await Store.CommitAsync(
            new GrainCommit(
                [Write(subject, 0), Write(Alias("a"), 0)],
                new AuditRecord(
                    Start, subject, "LTAI", "request-1", [AuditEvent.KeyCreated, AuditEvent.AliasCreated])),
            default);

        Assert.Equal(
            new AuditRow(result.ETag, Start, subject, "LTAI", "request-1", "KeyCreated,AliasCreated"),
            Assert.Single(await ReadAuditAsync()));
    }

    [Fact]
    public async Task CommitAsync_SeveralRecords_LeavesEachUnderANumberOfItsOwn()
    {
        AuditRecord[] records =
        [
            new(Start, Key("a"), "one", "request-1", [AuditEvent.KeyCreated]),
            new(Start.AddTicks(1), Key("b"), "two", "", [AuditEvent.KeyCreated, AuditEvent.KeyTagged]),
            new(Start.AddTicks(2), Alias("c"), "three", "request-3", []),
        ];
        GrainWrite[] writes = [Write(Key("a"), 0), Write(Key("b"), 0), Write(Alias("c"), 0)];
        var result = await Store.CommitAsync(new GrainCommit(writes, records), default);
        var next = await MustCommitAsync(Write(Key("d"), 0));

        var rows = (await ReadAuditAsync()).Where(row => row.Seq < next).ToArray();
        Assert.Equal(records.Select(record => record.At), rows.Select(row => row.At));
        Assert.Equal(records.Select(record => record.Subject), rows.Select(row => row.Subject));
        Assert.Equal(["one/request-1", "two/", "three/request-3"], rows.Select(row => $"{row.Actor}/{row.RequestId}"));
        Assert.Equal(["KeyCreated", "KeyCreated,KeyTagged", ""], rows.Select(row => row.Events));
        Assert.Equal(result.ETag, rows[0].Seq);
        Assert.Equal(result.ETag, await ETagAsync(Key("b")));
    }

    [Fact]
    public async Task CommitAsync_SeveralRecordsButAConflict_LeavesNone()
    {
        var etag = await MustCommitAsync(Write(Key("a"), 0));
        AuditRecord[] records = [.. "ab".Select(name => new AuditRecord(Start, Key($"{name}"), "", "", []))];

        var late = await Store.CommitAsync(
            new GrainCommit([Write(Key("b"), 0), Write(Key("a"), etag + 1)], records), default);

        Assert.Equal(CommitStatus.Conflict, late.Status);
        Assert.Single(await ReadAuditAsync());
        Assert.Null(await StateAsync(Key("b")));
    }

    [Fact]
    public async Task CommitAsync_NoRecord_IsTheCallersFault() =>
        await Assert.ThrowsAsync<InvariantException>(
            async () => await Store.CommitAsync(new GrainCommit([Write(Key("k"), 0)]), default));

    [Fact]
    public async Task CommitAsync_SameGrainTwice_IsTheCallersFault() =>
        await Assert.ThrowsAsync<InvariantException>(
            async () => await CommitAsync(Write(Key("k"), 0), Guard(Key("k"), 0)));

    [Fact]
    public async Task CommitAsync_ExistsWithoutState_IsTheCallersFault() =>
        await Assert.ThrowsAsync<InvariantException>(
            async () => await CommitAsync(Write(Token("t"), 0, null, existsNow: true)));

    [Fact]
    public async Task CommitAsync_ListedThoughItDoesNotExist_IsTheCallersFault()
    {
        var write = Write(Key("k"), 0);
        var tombstone = write with { Change = write.Change! with { ExistsNow = false } };

        await Assert.ThrowsAsync<InvariantException>(async () => await CommitAsync(tombstone));
    }

    [Fact]
    public async Task CommitAsync_TwoStoresOneDatabase_SeeAndRespectEachOther()
    {
        var other = await OpenAnotherAsync();
        var etag = await MustCommitAsync(Write(Key("k"), 0, "0"));
        Assert.Equal(etag, (await other.LoadAsync(Key("k"), default))!.ETag);

        await Task.WhenAll(CountAsync(Store), CountAsync(Store), CountAsync(other), CountAsync(other));

        Assert.Equal("100", await StateAsync(Key("k")));
        Assert.Equal(101, (await ReadAuditAsync()).Select(row => row.Seq).Distinct().Count());

        // Adds 1 to the state 25 times, as often as it takes.
        static async Task CountAsync(TStore store)
        {
            for (var done = 0; done < 25;)
            {
                var now = (await store.LoadAsync(Key("k"), default))!;
                var next = int.Parse(now.State) + 1;
                var result = await store.CommitAsync(Commit(Write(Key("k"), now.ETag, $"{next}")), default);
                if (result.Status == CommitStatus.Committed) done++;
            }
        }
    }

    [Fact]
    public async Task OpenAsync_AfterClose_FindsEverything()
    {
        var key = await MustCommitAsync(Write(Key("k"), 0, "key", reminders: (Reminder.DeleteKey, Start)));
        await MustCommitAsync(Write(Alias("a"), 0, "alias", owner: "k"));
        await Store.DisposeAsync();

        Store = await OpenAnotherAsync();

        Assert.Equal("key", await StateAsync(Key("k")));
        Assert.Equal(key, await ETagAsync(Key("k")));
        Assert.Equal(["k"], (await KeysAsync()).Items);
        Assert.Equal([new AliasRow("a", "k")], (await AliasesAsync()).Items);
        Assert.Equal([new DueReminder(Key("k"), Reminder.DeleteKey, Start)], await DueAsync(Start));
        Assert.Equal(2, (await ReadAuditAsync()).Count);
    }
}
