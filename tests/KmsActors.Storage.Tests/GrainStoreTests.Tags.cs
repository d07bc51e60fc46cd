using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task KeysAsync_OneTag_ListsThoseWithOneOfItsValues()
    {
        await TaggedKeysAsync();

        await AssertFindsAsync(ByTag("env", "prod"), "d", "a", "b");
        await AssertFindsAsync(ByTag("env", "test"), "c");
        await AssertFindsAsync(ByTag("env", "test", "prod"), "d", "c", "a", "b");
        await AssertFindsAsync(ByTag("env", "test", "none", "test"), "c");
        await AssertFindsAsync(ByTag("team", "prod"), "c");
        await AssertFindsAsync(ByTag("env"), "d", "c", "a", "b");
        await AssertFindsAsync(ByTag("team"), "c", "b");
        foreach (var none in (KeyFilter[])
            [ByTag("env", "none"), ByTag("none"), ByTag("none", "prod"), ByTag("ENV", "prod"), ByTag("prod", "env"),
                ByTag("env", "pro"), ByTag("env", ""), ByTag("en"), ByTag(""), ByTag("env", "PROD", "red")])
        {
            await AssertFindsAsync(none);
        }
    }

    [Fact]
    public async Task KeysAsync_SeveralTags_ListsThoseWithAllOfThem()
    {
        await TaggedKeysAsync();
        var (prod, any) = (new TagCondition("env", ["prod"]), new TagCondition("env", []));
        var red = new TagCondition("team", ["red"]);

        await AssertFindsAsync(ByTags(prod, red), "b");
        await AssertFindsAsync(ByTags(red, prod), "b");
        await AssertFindsAsync(ByTags(any, red), "b");
        await AssertFindsAsync(ByTags(any, new("team", [])), "c", "b");
        await AssertFindsAsync(ByTags(any, new("team", ["prod", "red"])), "c", "b");
        await AssertFindsAsync(ByTags(prod, red, new("cost", ["1", "2"])), "b");
        await AssertFindsAsync(ByTags(prod, red, new("cost", ["1"])));
        await AssertFindsAsync(ByTags(prod, new("none", [])));
        await AssertFindsAsync(ByTags(prod, new("team", ["none"])));
        // The values of one do for another no more than its key does.
        await AssertFindsAsync(ByTags(new("env", ["test"]), new("team", ["test"])));
        await AssertFindsAsync(ByTags(new("env", ["test", "red"]), new("team", ["test", "red"])));
    }

    [Fact]
    public async Task KeysAsync_TheSameTagSeveralTimes_AllOfThemHold()
    {
        await TaggedKeysAsync();
        var any = new TagCondition("env", []);

        await AssertFindsAsync(ByTags(new("env", ["prod", "test"]), new("env", ["test", "none"])), "c");
        await AssertFindsAsync(ByTags(new("env", ["prod"]), new("env", ["test"])));
        await AssertFindsAsync(ByTags(new("env", ["prod"]), new("env", ["test"]), new("env", ["test"])));
        await AssertFindsAsync(ByTags(new("env", ["prod"]), new("env", ["prod"])), "d", "a", "b");
        await AssertFindsAsync(ByTags(any, new("env", ["test"])), "c");
        await AssertFindsAsync(ByTags(new("env", ["test"]), any), "c");
        await AssertFindsAsync(ByTags(any, any), "d", "c", "a", "b");
        await AssertFindsAsync(ByTags(any, new("env", ["test", "prod"]), new("team", []), new("env", ["prod"])), "b");
    }

    [Fact]
    public async Task KeysAsync_NoTagsInTheCollection_ListsNone()
    {
        await TaggedKeysAsync();

        await AssertFindsAsync(ByTags());
    }

    [Fact]
    public async Task KeysAsync_TagsAndAllElse_AllAcross()
    {
        var sorts = await AllSortsAsync();
        var keys = sorts.Select((key, i) => (key.Name, Listing: key.Listing with
        {
            Alias = $"name {i % 5}",
            EnterpriseProject = $"{i % 3}",
            Tags = Tags(("three", $"{i % 3}"), (i % 2 == 0 ? "even" : "odd", "")),
        })).ToList();
        await MustCommitAsync([.. keys.Select(key => Write(Key($"t{key.Name}"), 0, listing: key.Listing))]);
        keys = [.. keys.Select(key => ($"t{key.Name}", key.Listing))];
        var filter = ByTags(new("three", ["0", "2"]), new("even", []));
        var tagged = keys.Where((_, i) => i % 2 == 0 && i % 3 != 1).ToList();

        await AssertListsAsync(filter, tagged);
        await AssertListsAsync(
            filter with { States = [KeyState.Disabled] },
            tagged.Where(key => key.Listing.KeyState == KeyState.Disabled));
        await AssertListsAsync(
            filter with { Specs = [KeySpec.EcSm2, KeySpec.Sm4] },
            tagged.Where(key => key.Listing.Spec is KeySpec.EcSm2 or KeySpec.Sm4));
        await AssertListsAsync(
            filter with { Usages = [KeyUsage.SignVerify] },
            tagged.Where(key => key.Listing.Usage == KeyUsage.SignVerify));
        await AssertListsAsync(
            filter with { ProtectionLevels = [ProtectionLevel.Hsm] },
            tagged.Where(key => key.Listing.ProtectionLevel == ProtectionLevel.Hsm));
        await AssertListsAsync(
            filter with { EnterpriseProjects = ProjectSet.Of("2") }, tagged.Where(key => key.Listing.EnterpriseProject == "2"));
        await AssertListsAsync(
            filter with { AliasPart = "e 4" }, tagged.Where(key => key.Listing.Alias == "name 4"));
        await AssertListsAsync(filter with { States = [] }, []);
        var all = filter with
        {
            States = [KeyState.Enabled, KeyState.Disabled],
            Specs = [.. Enum.GetValues<KeySpec>().Skip(1)],
            Usages = [KeyUsage.EncryptDecrypt],
            EnterpriseProjects = ProjectSet.Of("0"),
            AliasPart = "me",
        };
        var matches = tagged.Where(key => key.Listing is
        {
            KeyState: KeyState.Enabled or KeyState.Disabled,
            Spec: not KeySpec.Aes256,
            Usage: KeyUsage.EncryptDecrypt,
            EnterpriseProject: "0",
        }).ToList();
        Assert.NotEmpty(matches);
        await AssertListsAsync(all, matches);
    }

    [Fact]
    public async Task KeysAsync_PagesUnderTags_CoverTheMatchesOnce()
    {
        await MustCommitAsync([.. Enumerable.Range(0, 30).Select(i => Write(Key($"k{i:D2}"), 0, listing:
            Listed(Start.AddTicks(i * 7 % 10)) with { Tags = Tags(("n", $"{i % 2}"), ("m", $"{i % 3}")) }))]);
        var filter = ByTags(new("n", ["1"]), new("m", ["0", "1"]));
        var matches = Enumerable.Range(0, 30).Where(i => i % 2 == 1 && i % 3 < 2)
            .OrderBy(i => i * 7 % 10).ThenBy(i => i).Select(i => $"k{i:D2}").ToList();
        Assert.Equal(10, matches.Count);

        for (var offset = 0; offset < 14; offset += 3)
        {
            var page = await KeysAsync(offset, 3, filter: filter);
            Assert.Equal(matches.Skip(offset).Take(3), page.Items);
            Assert.Equal(10, page.TotalCount);
        }

        foreach (var offset in (long[])[10, 1000, long.MaxValue])
        {
            var past = await KeysAsync(offset, 3, filter: filter);
            Assert.Empty(past.Items);
            Assert.Equal(10, past.TotalCount);
        }

        Assert.Equal(matches, (await KeysAsync(limit: int.MaxValue, filter: filter)).Items);
    }

    // Past the first bound to which a store may count how many keys have each.
    [Fact]
    public async Task KeysAsync_TagsOfManyAndOfFewKeys_InAnyOrder()
    {
        await MustCommitAsync([.. Enumerable.Range(0, 1200).Select(i => Write(Key($"k{i:D4}"), 0, listing: Listed() with
        {
            Tags = Tags([
                ("all", "x"), .. i % 2 == 0 ? [("half", $"{i % 4}")] : ((string, string)[])[],
                .. i % 500 == 4 ? [("few", "x")] : ((string, string)[])[],
            ]),
        }))]);
        TagCondition[] all = [new("all", []), new("half", ["0", "2"]), new("few", ["x"])];
        foreach (var (i, j, k) in ((int, int, int)[])[(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
        {
            await AssertFindsAsync(ByTags(all[i], all[j], all[k]), "k0004", "k0504", "k1004");
        }

        Assert.Equal(1200, (await KeysAsync(filter: ByTags(all[0]))).TotalCount);
        Assert.Equal(600, (await KeysAsync(filter: ByTags(all[0], all[1]))).TotalCount);
        Assert.Equal(0, (await KeysAsync(filter: ByTags(all[0], all[1], new("few", ["y"])))).TotalCount);
        Assert.Equal(["k0002", "k0004"], (await KeysAsync(1, 2, filter: ByTags(all[1], all[0]))).Items);
    }

    [Fact]
    public async Task KeysAsync_OddTags_EachIsFoundByItselfAlone()
    {
        await MustCommitAsync([.. OddText.Select((odd, i) =>
            Write(Key($"{i}"), 0, listing: Listed(Start.AddTicks(i)) with { Tags = Tags((odd, odd), ("plain", odd)) }))]);

        for (var i = 0; i < OddText.Length; i++)
        {
            var odd = OddText[i];
            await AssertFindsAsync(ByTag(odd), $"{i}");
            await AssertFindsAsync(ByTag(odd, odd), $"{i}");
            await AssertFindsAsync(ByTag("plain", odd), $"{i}");
            await AssertFindsAsync(ByTags(new("plain", [odd]), new(odd, [])), $"{i}");
            await AssertFindsAsync(ByTags(new("plain", []), new(odd, [odd])), $"{i}");
            await AssertFindsAsync(ByTag(odd, odd + "x"));
        }

        await AssertFindsAsync(ByTag("plain", OddText[20..30]), [.. Enumerable.Range(20, 10).Select(i => $"{i}")]);
    }

    [Fact]
    public async Task KeysAsync_TooManyTagsOrValues_AreTheCallersFault()
    {
        await MustCommitAsync(Write(Key("k"), 0, listing: Listed() with
        {
            Tags = Tags([.. Enumerable.Range(0, 10).Select(i => ($"t{i}", $"{i}"))]),
        }));
        var values = Enumerable.Range(0, 21).Select(i => $"{i}").ToArray();
        var tags = Enumerable.Range(0, 11).Select(i => new TagCondition($"t{i}", values[..20])).ToArray();

        await AssertFindsAsync(ByTags(tags[..10]), "k");
        await AssertFindsAsync(ByTags([.. tags[..9], new("t9", ["8"])]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(filter: ByTags(tags)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(filter: ByTag("t1", values)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            KeysAsync(filter: ByTags(tags[0], new("t1", values))));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(offset: -1, filter: ByTag("t1")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => KeysAsync(limit: 0, filter: ByTag("t1")));
    }

    /// <summary>Keys whose order of creation is d, c, a, b, and two without tags of which is asked.</summary>
    private async Task TaggedKeysAsync()
    {
        await Create("a", 3, ("env", "prod"));
        await Create("b", 4, ("env", "prod"), ("team", "red"), ("cost", "2"));
        await Create("c", 2, ("team", "prod"), ("env", "test"));
        await Create("d", 1, ("env", "prod"));
        await Create("none", 1);
        await Create("other", 1, ("environment", "prod"));

        Task Create(string name, int ticks, params (string Key, string Value)[] tags) => MustCommitAsync(
            Write(Key(name), 0, listing: Listed(Start.AddTicks(ticks)) with { Tags = Tags(tags) }));
    }

    private async Task AssertFindsAsync(KeyFilter filter, params string[] expected)
    {
        var page = await KeysAsync(filter: filter);
        Assert.Equal(expected, page.Items);
        Assert.Equal(expected.Length, page.TotalCount);
    }
}
