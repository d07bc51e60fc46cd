using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task TagsAsync_ManyKeys_EachTagOnceInOrder()
    {
        await MustCommitAsync([.. Enumerable.Range(0, 60).Select(i => Write(Key($"k{i}"), 0, listing:
            WithTags([.. i % 5 == 0 ? [] : ((string, string)[])[("b", $"{i % 3}"), ("a", "same"), ("c", $"{i % 2}")]])))]);

        await AssertTagsAsync(("a", "same"), ("b", "0"), ("b", "1"), ("b", "2"), ("c", "0"), ("c", "1"));
    }

    [Fact]
    public async Task TagsAsync_AnyText_OrdinalByUtf8BytesOfKeyThenValue()
    {
        // By UTF-16 units the surrogates of the last would come before the one ahead of it. No key with its
        // value comes between a shorter key and that one's values.
        string[] ordered =
            ["", "\u0001", " ", "%", "A", "B", "_", "a", "a\u0001", "a-b", "aa", "b", "é", "密", "\uFFFD", "\U0001F511"];
        await MustCommitAsync([.. ordered.Reverse().Select((value, i) =>
            Write(Key($"k{i}"), 0, listing: WithTags([.. ordered.Select(key => (key, value))])))]);

        await AssertTagsAsync([.. from key in ordered from value in ordered select (key, value)]);
    }

    [Fact]
    public async Task TagsAsync_OddText_ComesBackAsItWas()
    {
        await MustCommitAsync([.. OddText.Select((odd, i) => Write(Key($"{i}"), 0, listing: WithTags((odd, odd))))]);

        var tags = await TagsAsync();

        Assert.Equal(OddText.Order(StringComparer.Ordinal), tags.Select(tag => tag.Key).Order(StringComparer.Ordinal));
        Assert.All(tags, tag => Assert.Equal(tag.Key, tag.Value));
    }

    [Fact]
    public async Task TagsAsync_Limit_TheFirstOfThem()
    {
        await MustCommitAsync([.. Enumerable.Range(0, 20).Select(i =>
            Write(Key($"k{i}"), 0, listing: WithTags(("a", $"{i % 2}"), ("b", "x"))))]);
        (string, string)[] all = [("a", "0"), ("a", "1"), ("b", "x")];

        foreach (var limit in (int[])[1, 2, 3, 4, 100, int.MaxValue])
        {
            Assert.Equal(all.Take(limit), (await TagsAsync(limit)).Select(tag => (tag.Key, tag.Value)));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TagsAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TagsAsync(-1));
    }

    [Fact]
    public async Task TagsAsync_TagOfSeveralKeys_StaysUntilTheLastOfThemGoes()
    {
        var etag = await MustCommitAsync(
            Write(Key("a"), 0, listing: WithTags(("t", "1"))), Write(Key("b"), 0, listing: WithTags(("t", "1"))));

        await MustCommitAsync(Write(Key("a"), etag, listing: WithTags(("t", "2"))));
        await AssertTagsAsync(("t", "1"), ("t", "2"));
        await MustCommitAsync(Write(Key("b"), etag, null));
        await AssertTagsAsync(("t", "2"));
    }

    [Fact]
    public async Task TagsAsync_NoKeyHasAny_Empty()
    {
        Assert.Empty(await TagsAsync());
        await MustCommitAsync(Write(Key("k"), 0));

        Assert.Empty(await TagsAsync());
        Assert.Empty(await TagsAsync(1));
    }
}
