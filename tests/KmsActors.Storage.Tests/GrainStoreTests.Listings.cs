using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task KeysAsync_SeveralKeys_InOrderOfCreationThenId()
    {
        await MustCommitAsync(Write(Key("a"), 0, listing: Listed(Start.AddTicks(1))));
        await MustCommitAsync(Write(Key("c"), 0, listing: Listed(Start)));
        await MustCommitAsync(Write(Key("b"), 0, listing: Listed(Start.ToOffset(TimeSpan.FromHours(8)))));
        await MustCommitAsync(Write(Key("z", "another"), 0, listing: Listed(Start)));

        var page = await KeysAsync();

        Assert.Equal(["b", "c", "a"], page.Items);
        Assert.Equal(3, page.TotalCount);
    }

    [Fact]
    public async Task KeysAsync_Pages_CoverAllOnceAndEndEmpty()
    {
        for (var i = 0; i < 7; i++)
        {
            await MustCommitAsync(Write(Key($"k{i}"), 0, listing: Listed(Start.AddSeconds(i))));
        }


        Assert.Equal(["k0", "k1", "k2"], (await KeysAsync(0, 3)).Items);
        Assert.Equal(["k3", "k4", "k5"], (await KeysAsync(3, 3)).Items);
        Assert.Equal(["k6"], (await KeysAsync(6, 3)).Items);
        foreach (var offset in (long[])[7, 1000, long.MaxValue])
        {
            var past = await KeysAsync(offset, 3);
            Assert.Empty(past.Items);
            Assert.Equal(7, past.TotalCount);
        }
    }

    [Fact]
    public async Task KeysAsync_NoSuchAccount_Empty()
    {
        var page = await KeysAsync(account: "nobody");

        Assert.Empty(page.Items);
        Assert.Equal(0, page.TotalCount);
    }

    [Fact]
    public async Task KeysAsync_UpdatedAndTombstoned_ListsWhatExists()
    {
        var gone = await MustCommitAsync(Write(Key("gone"), 0));
        var kept = await MustCommitAsync(Write(Key("kept"), 0));
        await MustCommitAsync(Write(Key("kept"), kept, "updated", listing: Listed(Start.AddTicks(5))));
        await MustCommitAsync(Write(Key("gone"), gone, "tombstone", existsNow: false));

        var page = await KeysAsync();

        Assert.Equal(["kept"], page.Items);
        Assert.Equal(1, page.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task KeysAsync_RowReplaced_IsListedByTheNewOneAlone(int ticks)
    {
        await MustCommitAsync(Write(Key("other"), 0, listing: Listed(Start.AddTicks(1))));
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: Listed()));
        await MustCommitAsync(Write(Key("k"), etag, listing: Listed(
            Start.AddTicks(ticks), KeyState.Enabled, KeySpec.EcSm2, KeyUsage.SignVerify, ProtectionLevel.Hsm)));

        Assert.Equal(ticks == 0 ? ["k", "other"] : ["other", "k"], (await KeysAsync()).Items);
        Assert.Equal(["other"], (await KeysAsync(filter: new() { Specs = [KeySpec.Aes256] })).Items);
        Assert.Equal(["k"], (await KeysAsync(filter: new() { Specs = [KeySpec.EcSm2] })).Items);
        Assert.Equal(["k"], (await KeysAsync(filter: new() { Usages = [KeyUsage.SignVerify] })).Items);
        Assert.Equal(["k"], (await KeysAsync(filter: new() { ProtectionLevels = [ProtectionLevel.Hsm] })).Items);
    }

    [Fact]
    public async Task AliasesAsync_AnyNames_OrdinalByUtf8Bytes()
    {
        // By UTF-16 units the surrogates of the last would come before the one ahead of it.
        string[] ordered = ["A", "B", "a", "a-b", "a/b", "aa", "b", "é", "密", "\uFFFD", "\U0001F511"];
        foreach (var name in ordered.Reverse()) await MustCommitAsync(Write(Alias(name), 0, owner: "k"));

        Assert.Equal(ordered, (await AliasesAsync()).Items.Select(row => row.Alias));
        Assert.Equal(ordered, (await AliasesOfKeyAsync("k")).Items.Select(row => row.Alias));
    }

    [Fact]
    public async Task AliasesAsync_Pages_WithTotals()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            await MustCommitAsync(Write(Alias(name), 0, owner: name == "b" ? "l" : "k"));
        }

        await MustCommitAsync(Write(Alias("a", "another"), 0, owner: "k"));

        var all = await AliasesAsync(1, 2);
        Assert.Equal([new AliasRow("b", "l"), new AliasRow("c", "k")], all.Items);
        Assert.Equal(4, all.TotalCount);
        var ofKey = await AliasesOfKeyAsync("k", 1, 2);
        Assert.Equal([new AliasRow("c", "k"), new AliasRow("d", "k")], ofKey.Items);
        Assert.Equal(3, ofKey.TotalCount);
        Assert.Empty((await AliasesAsync(4, 2)).Items);
        Assert.Empty((await AliasesOfKeyAsync("k", 3, 2)).Items);
        Assert.Equal(3, (await AliasesOfKeyAsync("k", 3, 2)).TotalCount);
        Assert.Equal(0, (await AliasesOfKeyAsync("none")).TotalCount);
    }

    [Fact]
    public async Task AliasesOfKeyAsync_AliasMoved_IsWithItsNewKey()
    {
        var etag = await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));
        await MustCommitAsync(Write(Alias("a"), etag, owner: "l"));

        Assert.Empty((await AliasesOfKeyAsync("k")).Items);
        Assert.Equal([new AliasRow("a", "l")], (await AliasesOfKeyAsync("l")).Items);
        Assert.Equal([new AliasRow("a", "l")], (await AliasesAsync()).Items);
    }

    [Fact]
    public async Task AliasesAsync_Deleted_IsGone()
    {
        var etag = await MustCommitAsync(Write(Alias("a"), 0, owner: "k"));
        await MustCommitAsync(Write(Alias("a"), etag, null));

        Assert.Empty((await AliasesAsync()).Items);
        Assert.Equal(0, (await AliasesAsync()).TotalCount);
    }

    [Fact]
    public async Task KeysAsync_WhileKeysComeAndGo_ItemsAndTotalAgree()
    {
        // Among many others, so that reading them takes long enough for a commit to come between.
        await AllSortsAsync();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var etag = await MustCommitAsync(Write(Key($"k{i % 5}"), 0));
                await MustCommitAsync(Write(Key($"k{i % 5}"), etag, null));
            }
        });

        for (var i = 0; i < 3000; i++)
        {
            var page = await KeysAsync();
            Assert.Equal(page.TotalCount, page.Items.Count);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Listings_NonsensePages_AreTheCallersFault()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(offset: -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(limit: 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AliasesAsync(limit: -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AliasesOfKeyAsync("k", offset: -1));
    }
}
