using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task CommitAsync_TagsChange_AreThoseOfTheLastCommit()
    {
        await MustCommitAsync(Write(Key("other"), 0, listing: WithTags(("env", "prod"))));
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: WithTags()));
        await AssertTagsAsync(("env", "prod"));

        etag = await MustCommitAsync(Write(Key("k"), etag, listing: WithTags(("env", "test"), ("team", "red"))));
        await AssertFindsAsync(ByTag("env", "test"), "k");
        await AssertFindsAsync(ByTag("team"), "k");
        await AssertTagsAsync(("env", "prod"), ("env", "test"), ("team", "red"));

        // One value of two; then one more; then one less.
        etag = await MustCommitAsync(Write(Key("k"), etag, listing: WithTags(("env", "prod"), ("team", "red"))));
        await AssertFindsAsync(ByTag("env", "test"));
        await AssertFindsAsync(ByTag("env", "prod"), "k", "other");
        await AssertFindsAsync(ByTag("team", "red"), "k");
        etag = await MustCommitAsync(
            Write(Key("k"), etag, listing: WithTags(("a", "1"), ("env", "prod"), ("team", "red"))));
        await AssertTagsAsync(("a", "1"), ("env", "prod"), ("team", "red"));
        etag = await MustCommitAsync(Write(Key("k"), etag, listing: WithTags(("team", "red"))));
        await AssertFindsAsync(ByTag("env"), "other");
        await AssertTagsAsync(("env", "prod"), ("team", "red"));

        // A key for another, with the same value; then none.
        etag = await MustCommitAsync(Write(Key("k"), etag, listing: WithTags(("crew", "red"))));
        await AssertTagsAsync(("crew", "red"), ("env", "prod"));
        await MustCommitAsync(Write(Key("k"), etag, listing: WithTags()));
        await AssertFindsAsync(ByTag("crew"));
        await AssertTagsAsync(("env", "prod"));
    }

    [Fact]
    public async Task CommitAsync_TimeOfCreationChanges_TagsStayWithTheKey()
    {
        await MustCommitAsync(Write(Key("other"), 0, listing: WithTags(("env", "prod"))));
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: WithTags(("env", "prod"))));
        await AssertFindsAsync(ByTag("env"), "k", "other");

        await MustCommitAsync(
            Write(Key("k"), etag, listing: WithTags(("env", "prod")) with { CreatedAt = Start.AddTicks(1) }));

        await AssertFindsAsync(ByTag("env"), "other", "k");
        await AssertFindsAsync(ByTags(new("env", ["prod"]), new("env", [])), "other", "k");
    }

    [Fact]
    public async Task CommitAsync_AllElseChanges_TagsStay()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: WithTags(("env", "prod"), ("team", ""))));

        etag = await MustCommitAsync(Write(Key("k"), etag, listing:
            WithTags(("team", ""), ("env", "prod")) with { KeyState = KeyState.Disabled, Alias = "name" }));
        await AssertFindsAsync(ByTag("env", "prod") with { States = [KeyState.Disabled], AliasPart = "name" }, "k");
        await MustCommitAsync(Write(Key("k"), etag, listing:
            WithTags(("env", "prod"), ("team", "")) with { CreatedAt = Start.AddTicks(1) }));

        await AssertFindsAsync(ByTags(new("env", ["prod"]), new("team", [""])), "k");
        await AssertTagsAsync(("env", "prod"), ("team", ""));
    }

    [Theory]
    [InlineData("tombstone")]
    [InlineData(null)]
    public async Task CommitAsync_KeyCeasesToExist_ItsTagsGo(string? left)
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: WithTags(("env", "prod"), ("team", "red"))));
        await MustCommitAsync(
            Write(Key("l"), 0, listing: WithTags(("env", "prod"))),
            Write(Key("k", "another"), 0, listing: WithTags(("env", "prod"))));

        etag = await MustCommitAsync(Write(Key("k"), etag, left, existsNow: false));

        await AssertFindsAsync(ByTag("env"), "l");
        await AssertFindsAsync(ByTag("team"));
        await AssertTagsAsync(("env", "prod"));
        Assert.Equal(["k"], (await KeysAsync(account: "another", filter: ByTag("env"))).Items);
        // What comes after it under its name has none of them.
        await MustCommitAsync(Write(Key("k"), left is null ? 0 : etag, existedBefore: false));
        await AssertFindsAsync(KeyFilter.None, "k", "l");
        await AssertFindsAsync(ByTag("env"), "l");
        await AssertTagsAsync(("env", "prod"));
    }

    [Fact]
    public async Task CommitAsync_Refused_TagsStay()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: WithTags(("env", "prod"))));
        var change = Write(Key("k"), etag, listing: WithTags(("env", "test")));

        Assert.Equal(CommitResult.Conflict, await CommitAsync(change, Guard(Key("k2"), 1)));
        Assert.Equal(CommitResult.Conflict, await CommitAsync(change with { ExpectedETag = etag + 1 }));
        Assert.Equal(CommitResult.LimitExceeded, await CommitAsync(change, Write(Key("l"), 0, limit: 1)));
        Assert.Equal(CommitResult.LimitExceeded, await CommitAsync(
            Write(Key("l"), 0, limit: 1, listing: WithTags(("env", "new")))));

        await AssertFindsAsync(ByTag("env", "prod"), "k");
        await AssertTagsAsync(("env", "prod"));
    }

    [Fact]
    public async Task CommitAsync_SeveralKeysInOne_EachHasItsOwnTags()
    {
        var etag = await MustCommitAsync(
            Write(Key("a"), 0, listing: WithTags(("n", "1"))), Write(Key("b"), 0, listing: WithTags(("n", "2"))));
        await MustCommitAsync(
            Write(Key("a"), etag, listing: WithTags(("n", "2"))), Write(Key("b"), etag, listing: WithTags(("n", "1"))));

        await AssertFindsAsync(ByTag("n", "1"), "b");
        await AssertFindsAsync(ByTag("n", "2"), "a");
    }

    [Fact]
    public async Task Tags_OfOtherAccounts_AreNeverSeen()
    {
        foreach (var account in (string[])["1", Account, Account + "0", "9"])
        {
            await MustCommitAsync(
                Write(Key("same", account), 0, listing: WithTags(("env", "prod"), ("of", account))),
                Write(Key($"of {account}", account), 0, listing: WithTags(("env", "prod"))));
        }

        await AssertFindsAsync(ByTag("env", "prod"), $"of {Account}", "same");
        await AssertFindsAsync(ByTags(new("env", []), new("of", [])), "same");
        await AssertFindsAsync(ByTag("of", "1", "9"));
        await AssertFindsAsync(ByTags(new("env", []), new("of", ["1"])));
        await AssertTagsAsync(("env", "prod"), ("of", Account));
        Assert.Equal(0, (await KeysAsync(account: "nobody", filter: ByTag("env"))).TotalCount);
        Assert.Empty(await TagsAsync(account: "nobody"));
    }

    [Fact]
    public async Task Tags_OpenedAgain_AreThere()
    {
        await MustCommitAsync(Write(Key("k"), 0, listing: WithTags(("env", "prod")) with { Alias = "a" }));
        var another = await OpenAnotherAsync();

        var page = await another.KeysAsync(Account, ByTag("env", "prod") with { AliasPart = "a" }, 0, 10, default);

        Assert.Equal(["k"], page.Items);
        Assert.Equal([new("env", "prod")], await another.TagsAsync(Account, ProjectSet.All, 10, default));
    }

    [Fact]
    public async Task KeysAsync_WhileTagsChange_ItemsAndTotalOfAFilterAgree()
    {
        var filter = ByTags(new("even", ["yes"]), new("any", []));
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var etag = 0L;
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // Both or none of them at any time.
                var listing = WithTags(("even", i % 2 == 0 ? "yes" : "no"), ("any", $"{i}"));
                etag = await MustCommitAsync(
                    Write(Key("a"), etag, listing: listing), Write(Key("b"), etag, listing: listing));
            }
        });

        for (var i = 0; i < 3000; i++)
        {
            var page = await KeysAsync(filter: filter);
            Assert.Equal(page.TotalCount, page.Items.Count);
            Assert.Contains(page.TotalCount, (long[])[0, 2]);
            Assert.Contains((await TagsAsync()).Count, (int[])[0, 2]);
        }

        await stop.CancelAsync();
        await writing;
    }

    private static KeyListing WithTags(params (string Key, string Value)[] tags) => Listed() with { Tags = Tags(tags) };

    private async Task AssertTagsAsync(params (string Key, string Value)[] expected) =>
        Assert.Equal(expected, (await TagsAsync()).Select(tag => (tag.Key, tag.Value)));
}
