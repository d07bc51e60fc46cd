using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Theory]
    [InlineData("tombstone")]
    [InlineData(null)]
    public async Task CommitAsync_KeyCeasesToExist_WhatItOwnsGoesWithIt(string? left)
    {
        var key = await MustCommitAsync(Write(Key("k"), 0));
        await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));
        await MustCommitAsync(Write(Alias("b"), 0, owner: "k"));
        await MustCommitAsync(
            Write(Token("t"), 0, owner: "k", limit: 1, reminders: (Reminder.ExpireToken, Start)));

        var result = await CommitAsync(Write(Key("k"), key, left, existsNow: false));

        Assert.Equal([Alias("a"), Alias("b"), Token("t")], result.Cascaded.Order());
        Assert.Equal(left, await StateAsync(Key("k")));
        Assert.Null(await StateAsync(Alias("a")));
        Assert.Null(await StateAsync(Token("t")));
        Assert.Equal(0, (await KeysAsync()).TotalCount);
        var aliases = await AliasesAsync();
        Assert.Empty(aliases.Items);
        Assert.Equal(0, aliases.TotalCount);
        Assert.Empty(await DueAsync(DateTimeOffset.MaxValue));
        await MustCommitAsync(Write(Token("u"), 0, limit: 1));
    }

    [Fact]
    public async Task CommitAsync_KeyCeasesToExist_OthersStay()
    {
        var key = await MustCommitAsync(Write(Key("k"), 0));
        await MustCommitAsync(Write(Alias("other"), 0, owner: "l"));
        await MustCommitAsync(Write(Alias("unowned"), 0));
        await MustCommitAsync(Write(Alias("elsewhere", "another"), 0, owner: "k"));

        var result = await CommitAsync(Write(Key("k"), key, null));

        Assert.Empty(result.Cascaded);
        Assert.Equal(2, (await AliasesAsync()).Items.Count);
        Assert.NotNull(await StateAsync(Alias("elsewhere", "another")));
    }

    [Fact]
    public async Task CommitAsync_KeyStillExistsOrNeverDid_NothingGoes()
    {
        await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));
        var tombstone = await MustCommitAsync(Write(Key("k"), 0, existsNow: false));
        var key = await MustCommitAsync(Write(Key("k"), tombstone, existedBefore: false));
        await MustCommitAsync(Write(Key("k"), key, "updated"));

        Assert.NotNull(await StateAsync(Alias("a")));
    }

    [Fact]
    public async Task CommitAsync_AnotherKindOfTheOwnersName_NothingGoes()
    {
        await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));
        var token = await MustCommitAsync(Write(Token("k"), 0));
        await MustCommitAsync(Write(Token("k"), token, null));

        Assert.NotNull(await StateAsync(Alias("a")));
    }

    [Fact]
    public async Task CommitAsync_OwnerGoesInTheCommitThatMovesItsAliases_TheNewOwnerDecides()
    {
        var key = await MustCommitAsync(Write(Key("k"), 0));
        var leaves = await MustCommitAsync(Write(Alias("leaves"), 0, owner: "k"));
        var comes = await MustCommitAsync(Write(Alias("comes"), 0, owner: "l"));

        var result = await CommitAsync(
            Write(Key("k"), key, null),
            Write(Alias("leaves"), leaves, owner: "l"),
            Write(Alias("comes"), comes, owner: "k"));

        Assert.Equal([Alias("comes")], result.Cascaded);
        Assert.Equal([new AliasRow("leaves", "l")], (await AliasesAsync()).Items);
        Assert.Equal(1, (await AliasesAsync()).TotalCount);
    }

    [Fact]
    public async Task CommitAsync_OwnedTombstoneGoes_CountIsNotLoweredAgain()
    {
        var key = await MustCommitAsync(Write(Key("k"), 0));
        await MustCommitAsync(Write(Token("stays"), 0));
        var token = await MustCommitAsync(Write(Token("t"), 0, owner: "k"));
        await MustCommitAsync(Write(Token("t"), token, "tombstone", owner: "k", existsNow: false));

        var result = await CommitAsync(Write(Key("k"), key, null));

        Assert.Equal([Token("t")], result.Cascaded);
        Assert.Equal(CommitStatus.LimitExceeded, (await CommitAsync(Write(Token("u"), 0, limit: 1))).Status);
    }

    [Fact]
    public async Task CommitAsync_CascadeButConflict_NothingGoes()
    {
        var key = await MustCommitAsync(Write(Key("k"), 0));
        await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));

        var result = await CommitAsync(Write(Key("k"), key, null), Guard(Key("other"), 1));

        Assert.Equal(CommitResult.Conflict, result);
        Assert.NotNull(await StateAsync(Alias("a")));
    }
}
