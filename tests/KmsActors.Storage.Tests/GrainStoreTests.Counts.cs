using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task CommitAsync_LimitReached_LimitExceededAndNothingDone()
    {
        await MustCommitAsync(Write(Key("one"), 0, limit: 2));
        await MustCommitAsync(Write(Key("two"), 0, limit: 2));

        var result = await CommitAsync(
            Write(Key("three"), 0, limit: 2, reminders: (Reminder.DeleteKey, Start)));

        Assert.Equal(CommitResult.LimitExceeded, result);
        Assert.Null(await StateAsync(Key("three")));
        Assert.Equal(["one", "two"], (await KeysAsync()).Items.Order());
        Assert.Equal(2, (await KeysAsync()).TotalCount);
        Assert.Empty(await DueAsync(Start));
        Assert.Equal(2, (await ReadAuditAsync()).Count);
    }

    [Fact]
    public async Task CommitAsync_OtherKindOrAccountAtLimit_DoesNotMatter()
    {
        await MustCommitAsync(Write(Key("k"), 0, limit: 1));

        await MustCommitAsync(Write(Alias("a"), 0, limit: 1));
        await MustCommitAsync(Write(Key("k", "another"), 0, limit: 1));
    }

    [Fact]
    public async Task CommitAsync_UpdateOrDeletePastLimit_IsAllowed()
    {
        var one = await MustCommitAsync(Write(Key("one"), 0));
        await MustCommitAsync(Write(Key("two"), 0));

        var updated = await MustCommitAsync(Write(Key("one"), one, "updated", limit: 1));
        await MustCommitAsync(Write(Key("one"), updated, null, limit: 1));

        Assert.Equal(1, (await KeysAsync()).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_TombstoneOrDeletion_FreesAPlace()
    {
        var one = await MustCommitAsync(Write(Token("one"), 0, limit: 1));
        await MustCommitAsync(Write(Token("one"), one, "tombstone", existsNow: false));
        var two = await MustCommitAsync(Write(Token("two"), 0, limit: 1));
        await MustCommitAsync(Write(Token("two"), two, null));
        await MustCommitAsync(Write(Token("three"), 0, limit: 1));

        var fourth = await CommitAsync(Write(Token("four"), 0, limit: 1));
        Assert.Equal(CommitStatus.LimitExceeded, fourth.Status);
    }

    [Fact]
    public async Task CommitAsync_TombstoneDeletedOrWrittenAgain_CountsNothing()
    {
        var born = await MustCommitAsync(Write(Key("k"), 0, existedBefore: false, existsNow: false));
        var again = await MustCommitAsync(Write(Key("k"), born, existedBefore: false, existsNow: false));
        Assert.Equal(0, (await KeysAsync()).TotalCount);

        await MustCommitAsync(Write(Key("k"), again, null, existedBefore: false));
        Assert.Equal(0, (await KeysAsync()).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_TwoNewGrainsInOneCommit_BothCount()
    {
        Assert.Equal(
            CommitStatus.LimitExceeded,
            (await CommitAsync(Write(Key("one"), 0, limit: 1), Write(Key("two"), 0, limit: 1))).Status);
        Assert.Equal(0, (await KeysAsync()).TotalCount);
        await MustCommitAsync(Write(Key("one"), 0, limit: 2), Write(Key("two"), 0, limit: 2));
    }

    [Fact]
    public async Task CommitAsync_OneGoesOneComesInOneCommit_LimitHolds()
    {
        var one = await MustCommitAsync(Write(Key("one"), 0, limit: 1));

        await MustCommitAsync(Write(Key("two"), 0, limit: 1), Write(Key("one"), one, null));

        Assert.Equal(["two"], (await KeysAsync()).Items);
    }

    [Fact]
    public async Task CommitAsync_ConflictAndLimit_IsAConflict()
    {
        var one = await MustCommitAsync(Write(Key("one"), 0));

        var result = await CommitAsync(Write(Key("two"), 0, limit: 1), Guard(Key("one"), one + 1));

        Assert.Equal(CommitStatus.Conflict, result.Status);
    }

    [Fact]
    public async Task CommitAsync_64CreatorsAtOnce_LimitIsExact()
    {
        const int Limit = 100;
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(creator => Task.Run(async () =>
        {
            List<CommitStatus> mine = [];
            for (var i = 0; i < 4; i++)
            {
                mine.Add((await CommitAsync(Write(Key($"{creator}-{i}"), 0, limit: Limit))).Status);
            }

            return mine;
        })));

        var all = results.SelectMany(mine => mine).ToList();
        Assert.Equal(Limit, all.Count(status => status == CommitStatus.Committed));
        Assert.Equal((64 * 4) - Limit, all.Count(status => status == CommitStatus.LimitExceeded));
        Assert.Equal(Limit, (await KeysAsync()).Items.Count);
        Assert.Equal(Limit, (await KeysAsync()).TotalCount);
    }
}
