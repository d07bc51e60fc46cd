using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>How tags and names of keys are kept and found.</summary>
public sealed class SqliteTagsTests : IDisposable
{
    private const string Rows = "SELECT account, tag_key, tag_value, key_id FROM tags ORDER BY 1, 2, 3, 4";

    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    // By a tag or two columns more, and never through all keys or all tags of the account.
    [Fact]
    public async Task Listing_ByTags_LooksUpTheTagThenItsKeysThenTheirTags()
    {
        await using var store = await _file.OpenAsync();

        Assert.Equal(
            [
                "SEARCH tags USING PRIMARY KEY (account=? AND tag_key=? AND tag_value=?)",
                "SEARCH tags USING PRIMARY KEY (account=? AND tag_key=?)",
                "SEARCH keys USING PRIMARY KEY (account=? AND created_at=? AND key_id=?)",
                "SEARCH tags USING COVERING INDEX tags_by_key (account=? AND key_id=?)",
            ],
            Steps(TagQueries.Keys));
    }

    // What is looked for in a list is looked up: the list is made once, and no scan of it for each row.
    [Fact]
    public async Task Listing_ByTags_MakesItsListsOnce()
    {
        await using var store = await _file.OpenAsync();

        var plan = _file.Plan(TagQueries.Keys);

        Assert.Equal(4, plan.Count(step => step.StartsWith("LIST SUBQUERY", StringComparison.Ordinal)));
        Assert.Single(plan, step => step.StartsWith("CORRELATED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CountOfATag_LooksUpTheTag()
    {
        await using var store = await _file.OpenAsync();

        Assert.Equal(
            [
                "SEARCH tags USING PRIMARY KEY (account=? AND tag_key=? AND tag_value=?)",
                "SEARCH tags USING PRIMARY KEY (account=? AND tag_key=?)",
            ],
            Steps(TagQueries.Count));
    }

    [Fact]
    public async Task NextTag_IsSoughtPastAllRowsOfTheLast()
    {
        await using var store = await _file.OpenAsync();

        Assert.Equal(
            ["SEARCH tags USING PRIMARY KEY (account=? AND (tag_key,tag_value,created_at)>(?,?,?))"],
            _file.Plan(TagQueries.Next));
        Assert.Equal(
            [
                "SEARCH tags USING PRIMARY KEY (account=? AND (tag_key,tag_value,created_at)>(?,?,?))",
                "SEARCH keys USING PRIMARY KEY (account=? AND created_at=? AND key_id=?)",
            ],
            _file.Plan(TagQueries.NextOfProjects).Take(2));
        // Neither sorted nor more than a list of projects beside it.
        Assert.Equal(5, _file.Plan(TagQueries.NextOfProjects).Count);
    }

    [Fact]
    public async Task TagsOfAKey_AreLookedUpByIt()
    {
        await using var store = await _file.OpenAsync();
        string[] plan = ["SEARCH tags USING COVERING INDEX tags_by_key (account=? AND key_id=?)"];

        Assert.Equal(plan, _file.Plan(TagQueries.OfKey));
        Assert.Equal(plan, _file.Plan(TagQueries.RemoveOfKey));
    }

    [Fact]
    public async Task CommitAsync_Key_KeepsItsNameProjectAndTags()
    {
        await using var store = await _file.OpenAsync();
        var plain = await store.CommitAsync(Commit(Write(Key("plain"), 0)), default);
        await store.CommitAsync(Commit(Write(Key("k"), 0, listing: Listed(Start.AddTicks(1)) with
        {
            Alias = "name",
            EnterpriseProject = "p",
            Tags = Tags(("b", "2"), ("a", "1")),
        })), default);

        Assert.Equal(
            ["plain||0", "k|name|p"],
            _file.Query("SELECT key_id, alias, enterprise_project FROM keys ORDER BY created_at"));
        Assert.Equal([$"{Account}|a|1|k", $"{Account}|b|2|k"], _file.Query(Rows));
        await store.CommitAsync(
            Commit(Write(Key("plain"), plain.ETag, listing: Listed() with { Tags = Tags(("b", "2")) })), default);
        Assert.Equal([$"{Account}|a|1|k", $"{Account}|b|2|k", $"{Account}|b|2|plain"], _file.Query(Rows));
    }

    [Fact]
    public async Task CommitAsync_TagsUnchanged_WritesNoRowOfThem()
    {
        await using var store = await _file.OpenAsync();
        var tagged = Listed() with { Tags = Tags([.. OddText.Select(odd => (odd, odd))]) };
        var result = await store.CommitAsync(
            Commit(Write(Key("tagged"), 0, listing: tagged), Write(Key("plain"), 0)), default);
        foreach (var change in (string[])["INSERT", "UPDATE", "DELETE"])
        {
            _file.Run($"CREATE TRIGGER no_{change} BEFORE {change} ON tags BEGIN SELECT RAISE(ABORT, 'written'); END");
        }

        result = await store.CommitAsync(
            Commit(
                Write(Key("tagged"), result.ETag, listing: tagged with { KeyState = KeyState.Disabled }),
                Write(Key("plain"), result.ETag, listing: Listed(state: KeyState.Disabled))),
            default);

        Assert.Equal(CommitStatus.Committed, result.Status);
        await Assert.ThrowsAsync<InvariantException>(async () => await store.CommitAsync(
            Commit(Write(Key("tagged"), result.ETag, listing: Listed())), default));
    }

    [Fact]
    public async Task CommitAsync_KeysComeAndGo_LeaveNoRowOfATag()
    {
        await using var store = await _file.OpenAsync();
        foreach (var left in (string?[])["tombstone", null])
        {
            var tagged = Write(Key($"k{left}"), 0, listing: Listed() with { Tags = Tags(("a", "1"), ("b", "2")) });
            var result = await store.CommitAsync(Commit(tagged), default);
            await store.CommitAsync(Commit(Write(tagged.Id, result.ETag, left, existsNow: false)), default);
        }

        Assert.Empty(_file.Query(Rows));
    }

    // Whatever a listing looks for, its statements are the same: none is made of a caller's text.
    [Fact]
    public void TagFilter_AnyConditions_AreValuesOfAStatement()
    {
        var filter = TagFilter.Of([new("it's \"odd\"", ["b", "a", "b"]), new("any", []), new("any", [])])!;

        Assert.Equal([("it's \"odd\"", """["b","a"]"""), ("any", null)], filter.Wanted);
        Assert.Equal("""{"it\u0027s \u0022odd\u0022":["b","a"],"any":[]}""", filter.Json);
        Assert.Null(TagFilter.Of([]));
        Assert.Null(TagFilter.Of([new("a", ["1"]), new("a", ["2"])]));
    }

    /// <summary>The steps of a plan at the tables.</summary>
    private IEnumerable<string> Steps(string query) => _file.Plan(query).Where(step =>
        step.Contains(" keys", StringComparison.Ordinal) || step.Contains(" tags ", StringComparison.Ordinal));
}
