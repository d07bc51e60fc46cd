using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task KeysAsync_SetOfProjects_ListsThoseOfThem()
    {
        await KeysOfProjectsAsync();

        await AssertFindsAsync(Of("p"), "c", "a");
        await AssertFindsAsync(Of("p", "q"), "c", "b", "a");
        await AssertFindsAsync(Of("q", "0", "none"), "d", "b");
        await AssertFindsAsync(Of("P", "p ", "", "%", "none"));
        await AssertFindsAsync(Of());
        await AssertFindsAsync(AllBut("p"), "d", "b");
        await AssertFindsAsync(AllBut("p", "0"), "b");
        await AssertFindsAsync(AllBut("p", "q", "0"));
        await AssertFindsAsync(AllBut("P", "p ", "", "%", "none"), "d", "c", "b", "a");
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.All }, "d", "c", "b", "a");
    }

    [Fact]
    public async Task KeysAsync_SetOfProjectsAndTags_BothHold()
    {
        await KeysOfProjectsAsync();
        TagCondition[] all = [new("all", [])], ab = [new("all", ["x"]), new("in", ["a", "b"])];

        await AssertFindsAsync(Of("p") with { Tags = all }, "c", "a");
        await AssertFindsAsync(Of("p", "none") with { Tags = ab }, "a");
        await AssertFindsAsync(Of() with { Tags = all });
        await AssertFindsAsync(Of("none") with { Tags = ab });
        await AssertFindsAsync(AllBut("p") with { Tags = all }, "d", "b");
        await AssertFindsAsync(AllBut("p") with { Tags = ab }, "b");
        await AssertFindsAsync(AllBut("p", "q") with { Tags = ab });
        await AssertFindsAsync(new() { EnterpriseProjects = ProjectSet.All, Tags = ab }, "b", "a");
    }

    [Fact]
    public async Task KeysAsync_PagesUnderASetOfProjects_CoverTheMatchesOnce()
    {
        await MustCommitAsync([.. Enumerable.Range(0, 30).Select(i => Write(Key($"k{i:D2}"), 0, listing:
            Listed(Start.AddTicks(i * 7 % 10)) with { EnterpriseProject = $"{i % 3}", Tags = Tags(("t", "x")) }))]);
        var matches = Enumerable.Range(0, 30).Where(i => i % 3 != 1)
            .OrderBy(i => i * 7 % 10).ThenBy(i => i).Select(i => $"k{i:D2}").ToList();

        foreach (var filter in (KeyFilter[])[AllBut("1"), Of("2", "0"), AllBut("1") with { Tags = ByTag("t").Tags }])
        {
            for (var offset = 0; offset < 24; offset += 3)
            {
                var page = await KeysAsync(offset, 3, filter: filter);
                Assert.Equal(matches.Skip(offset).Take(3), page.Items);
                Assert.Equal(20, page.TotalCount);
            }
        }
    }

    [Fact]
    public async Task Listings_OddProjects_EachIsFoundByItselfAlone()
    {
        await MustCommitAsync([.. OddText.Select((odd, i) => Write(Key($"{i:D2}"), 0, listing:
            Listed() with { EnterpriseProject = odd, Tags = Tags(("of", odd)) }))]);

        for (var i = 0; i < OddText.Length; i++)
        {
            await AssertFindsAsync(Of(OddText[i]), $"{i:D2}");
            var others = Enumerable.Range(0, OddText.Length).Where(other => other != i).Select(other => $"{other:D2}");
            await AssertFindsAsync(AllBut(OddText[i]), [.. others]);
            Assert.Equal([new("of", OddText[i])], await TagsAsync(projects: ProjectSet.Of(OddText[i])));
        }
    }

    private static KeyFilter Of(params string[] projects) => new() { EnterpriseProjects = ProjectSet.Of(projects) };

    private static KeyFilter AllBut(params string[] projects) =>
        new() { EnterpriseProjects = ProjectSet.AllBut(projects) };

    /// <summary>Keys in the order d, c, b, a, of the projects 0, p, q and p, with one tag in common.</summary>
    private Task KeysOfProjectsAsync()
    {
        var keys = ((string Name, string Project)[])[("d", "0"), ("c", "p"), ("b", "q"), ("a", "p")];
        return MustCommitAsync([.. keys.Select((key, i) => Write(Key(key.Name), 0, listing:
            Listed(Start.AddTicks(i)) with
            {
                EnterpriseProject = key.Project,
                Tags = Tags(("all", "x"), ("in", key.Name)),
            }))]);
    }
}
