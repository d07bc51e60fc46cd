using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task KeysAsync_PartOfAName_ListsThoseThatHaveIt()
    {
        await Named("c", 1, "app/orders");
        await Named("b", 2, "orders");
        await Named("a", 3, "Orders-1");
        await Named("none", 4, "");

        await AssertFindsAsync(new() { AliasPart = "orders" }, "c", "b");
        await AssertFindsAsync(new() { AliasPart = "Orders" }, "a");
        await AssertFindsAsync(new() { AliasPart = "rders" }, "c", "b", "a");
        await AssertFindsAsync(new() { AliasPart = "app/orders" }, "c");
        await AssertFindsAsync(new() { AliasPart = "app/orders " });
        await AssertFindsAsync(new() { AliasPart = "1" }, "a");
        await AssertFindsAsync(new() { AliasPart = "%" });
        await AssertFindsAsync(new() { AliasPart = "o_ders" });
        await AssertFindsAsync(new() { AliasPart = "" }, "c", "b", "a", "none");
        await AssertFindsAsync(KeyFilter.None, "c", "b", "a", "none");

        Task Named(string name, int ticks, string alias) =>
            MustCommitAsync(Write(Key(name), 0, listing: Listed(Start.AddTicks(ticks)) with { Alias = alias }));
    }

    [Fact]
    public async Task KeysAsync_OddNames_AreComparedOrdinally()
    {
        await MustCommitAsync([.. OddText.Select((odd, i) =>
            Write(Key($"{i:D2}"), 0, listing: Listed() with { Alias = $"<{odd}>" }))]);

        foreach (var odd in OddText)
        {
            await AssertFindsAsync(
                new() { AliasPart = odd },
                [.. Enumerable.Range(0, OddText.Length)
                    .Where(i => OddText[i].Contains(odd, StringComparison.Ordinal)).Select(i => $"{i:D2}")]);
            await AssertFindsAsync(new() { AliasPart = $"<{odd}>" }, $"{Array.IndexOf(OddText, odd):D2}");
        }
    }

    [Fact]
    public async Task KeysAsync_EnterpriseProject_ListsThoseOfIt()
    {
        const string Project = "0aa1b2c3-0000-4000-8000-00000000000a";
        await Of("c", 1, Project);
        await Of("b", 2, "0");
        await Of("a", 3, Project);
        await Of("d", 4, "00");
        await MustCommitAsync(Write(Key("e"), 0, listing: Listed(Start.AddTicks(5))));

        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of(Project) }, "c", "a");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("0") }, "b", "e");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("00") }, "d");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of(Project.ToUpperInvariant()) });
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of(Project[..^1]) });
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("%") });
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("") });

        Task Of(string name, int ticks, string project) => MustCommitAsync(
            Write(Key(name), 0, listing: Listed(Start.AddTicks(ticks)) with { EnterpriseProject = project }));
    }

    [Fact]
    public async Task KeysAsync_NamesAndAllElse_AllAcrossInPages()
    {
        var sorts = await AllSortsAsync();
        var keys = sorts.Select((key, i) => (Name: $"t{key.Name}", Listing: key.Listing with
        {
            Alias = $"name {i % 5}",
            EnterpriseProject = $"project {i % 3}",
        })).ToList();
        await MustCommitAsync([.. keys.Select(key => Write(Key(key.Name), 0, listing: key.Listing))]);
        var filter = new KeyFilter
        {
            AliasPart = "4",
            EnterpriseProjects = ProjectSet.Of("project 1"),
            Usages = [KeyUsage.SignVerify],
        };
        var matches = InOrder(keys.Where(key => key.Listing is
            { Alias: "name 4", EnterpriseProject: "project 1", Usage: KeyUsage.SignVerify }));
        Assert.True(matches.Count > 3);

        await AssertListsAsync(new() { AliasPart = "e 4" }, keys.Where(key => key.Listing.Alias == "name 4"));
        await AssertListsAsync(
            new() { EnterpriseProjects = ProjectSet.Of("project 2") }, keys.Where(key => key.Listing.EnterpriseProject == "project 2"));
        await AssertFindsAsync(filter, [.. matches]);
        for (var offset = 0; offset < matches.Count + 2; offset += 2)
        {
            var page = await KeysAsync(offset, 2, filter: filter);
            Assert.Equal(matches.Skip(offset).Take(2), page.Items);
            Assert.Equal(matches.Count, page.TotalCount);
        }
    }

    [Fact]
    public async Task CommitAsync_NameOrProjectChanges_IsFoundByTheNewOne()
    {
        var etag = await MustCommitAsync(
            Write(Key("k"), 0, listing: Listed() with { Alias = "old", EnterpriseProject = "p" }),
            Write(Key("other"), 0, listing: Listed() with { Alias = "old", EnterpriseProject = "p" }));

        var named = await MustCommitAsync(
            Write(Key("k"), etag, listing: Listed() with { Alias = "new", EnterpriseProject = "p" }));
        await AssertFindsAsync(new() { AliasPart = "old" }, "other");
        await AssertFindsAsync(new() { AliasPart = "new" }, "k");
        var moved = await MustCommitAsync(
            Write(Key("k"), named, listing: Listed() with { Alias = "new", EnterpriseProject = "q" }));
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("p") }, "other");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("q"), AliasPart = "new" }, "k");
        // With a time of its own, which is another way to its row.
        await MustCommitAsync(Write(Key("k"), moved, listing:
            Listed(Start.AddTicks(1)) with { Alias = "newer", EnterpriseProject = "r" }));
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("r"), AliasPart = "newer" }, "k");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("q") });
        await AssertFindsAsync(KeyFilter.None, "other", "k");
    }

    [Fact]
    public async Task KeysAsync_NamesOfOtherAccounts_AreNotListed()
    {
        foreach (var account in (string[])["1", Account, "9"])
        {
            await MustCommitAsync(Write(Key($"of {account}", account), 0, listing:
                Listed() with { Alias = $"name of {account}", EnterpriseProject = "p" }));
        }

        await AssertFindsAsync(new() { AliasPart = "name" }, $"of {Account}");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.Of("p") }, $"of {Account}");
        await AssertFindsAsync(new() { AliasPart = "of 1", EnterpriseProjects = ProjectSet.Of("p") }, $"of {Account}");
        await AssertFindsAsync(new() { AliasPart = "of 9" });
    }
}
