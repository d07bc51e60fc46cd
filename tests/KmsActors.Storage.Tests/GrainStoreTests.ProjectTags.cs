using KmsActors.Grains;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task TagsAsync_SetOfProjects_TagsOfTheirKeysEachOnceInOrder()
    {
        await KeysOfProjectsAsync();

        await AssertTagsOfAsync(ProjectSet.Of("p"), "all x", "in a", "in c");
        await AssertTagsOfAsync(ProjectSet.Of("q", "none"), "all x", "in b");
        await AssertTagsOfAsync(ProjectSet.Of("q", "p", "0"), "all x", "in a", "in b", "in c", "in d");
        await AssertTagsOfAsync(ProjectSet.AllBut("p"), "all x", "in b", "in d");
        await AssertTagsOfAsync(ProjectSet.AllBut("none", "P"), "all x", "in a", "in b", "in c", "in d");
        foreach (var none in (ProjectSet[])
            [ProjectSet.Of(), ProjectSet.Of("none", "P", ""), ProjectSet.AllBut("q", "p", "0")])
        {
            await AssertTagsOfAsync(none);
        }
    }

    [Fact]
    public async Task TagsAsync_SetOfProjectsAndLimit_TheFirstOfThem()
    {
        await KeysOfProjectsAsync();
        string[] all = ["all x", "in a", "in c"];

        for (var limit = 1; limit < 5; limit++)
        {
            var tags = await TagsAsync(limit, projects: ProjectSet.Of("p"));
            Assert.Equal(all.Take(limit), tags.Select(tag => $"{tag.Key} {tag.Value}"));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TagsAsync(0, projects: ProjectSet.Of("p")));
    }

    [Fact]
    public async Task Listings_KeyMovesToAnotherProject_AreThoseOfTheLastCommit()
    {
        var tagged = Listed() with { Tags = Tags(("t", "1")), EnterpriseProject = "p" };
        var etag = await MustCommitAsync(Write(Key("k"), 0, listing: tagged));
        await AssertTagsOfAsync(ProjectSet.Of("p"), "t 1");

        etag = await MustCommitAsync(Write(Key("k"), etag, listing: tagged with { EnterpriseProject = "q" }));
        await AssertFindsAsync(Of("p"));
        await AssertTagsOfAsync(ProjectSet.Of("p"));
        await AssertFindsAsync(AllBut("p") with { Tags = ByTag("t").Tags }, "k");
        await AssertTagsOfAsync(ProjectSet.AllBut("p"), "t 1");

        await MustCommitAsync(Write(Key("k"), etag, null));
        await AssertTagsOfAsync(ProjectSet.AllBut("p"));
    }

    [Fact]
    public async Task Listings_SameProjectInOtherAccounts_IsAnother()
    {
        // The same key id, too: in the account that is asked it is of another project.
        foreach (var account in (string[])["1", Account, "9"])
        {
            await MustCommitAsync(Write(Key("same", account), 0, listing: Listed() with
            {
                EnterpriseProject = account == Account ? "q" : "p",
                Tags = Tags(("of", account)),
            }));
        }

        await AssertFindsAsync(Of("p"));
        await AssertTagsOfAsync(ProjectSet.Of("p"));
        await AssertTagsOfAsync(ProjectSet.AllBut("p"), $"of {Account}");
        Assert.Empty(await TagsAsync(account: "nobody", projects: ProjectSet.AllBut("p")));
    }

    private async Task AssertTagsOfAsync(ProjectSet projects, params string[] expected) =>
        Assert.Equal(expected, (await TagsAsync(projects: projects)).Select(tag => $"{tag.Key} {tag.Value}"));
}
