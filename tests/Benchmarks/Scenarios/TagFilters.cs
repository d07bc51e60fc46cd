using KmsActors.Benchmarks.Libraries;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Benchmarks.Scenarios;

/// <summary>
/// What finding keys by their tags costs by the number of keys that the account has, where as many are found.
/// In the store itself: a request would add as much to both.
/// </summary>
internal static class TagFilters
{
    private const int Few = 1_000;
    private const int Many = 100_000;

    private static readonly ProjectSet s_project = ProjectSet.Of(TaggedStore.Project);

    public static async Task RunAsync(Lab lab)
    {
        await using var few = await TaggedStore.FillAsync(lab, Few);
        await using var many = await TaggedStore.FillAsync(lab, Many);

        Console.WriteLine("   a filter by tags in one project, as many keys found; ratio required ≤ 2:");
        Compare(
            lab,
            few,
            many,
            new("10 keys by a tag, page", store => Filter(store, "ten", 10, 10)),
            new("10 keys by a tag, count", store => Filter(store, "ten", 10, 1)),
            new("100 keys by a tag, page", store => Filter(store, "hundred", 100, 100)),
            new("100 keys by a tag, count", store => Filter(store, "hundred", 100, 1)),
            new("100 keys by two tags, page", store => Filter(store, "hundred", 100, 100, "team")),
            new("100 keys by two tags, count", store => Filter(store, "hundred", 100, 1, "team")));
        Console.WriteLine("   for information:");
        Compare(
            lab,
            few,
            many,
            new("its 163 tags", store => Tags(store, ProjectSet.All, 163)),
            new("the 163 tags of its project", store => Tags(store, s_project, 163)),
            new("the tags of a project without keys", store => Tags(store, ProjectSet.Of("none"), 0)),
            new("10 of all keys, which have the tag", AllByTag),
            new("last page of all keys, 100", store => LastPage(store, KeyFilter.None)),
            new("last page of those of its project", store => LastPage(
                store, new KeyFilter { EnterpriseProjects = s_project })));
    }

    private static void Compare(Lab lab, TaggedStore few, TaggedStore many, params Query[] queries)
    {
        var table = new Table("", $"{Few:N0}: µs", $"{Many:N0}: µs", "ratio", "CPU µs", "CPU µs", "ratio");
        foreach (var query in queries)
        {
            var ofFew = new LibrarySubject(() => query.MakeCall(few));
            var ofMany = new LibrarySubject(() => query.MakeCall(many));
            LibrarySubject[] both = [ofFew, ofMany];
            foreach (var subject in both) subject.WarmUp(lab.WarmUpSeconds / 5);
            for (var round = 0; round < lab.Rounds; round++)
            {
                foreach (var subject in both) subject.Round(lab.RoundSeconds / 2);
            }

            table.Row(
                query.Name,
                Microseconds(ofFew),
                Microseconds(ofMany),
                $"{Statistics.Median(ofFew.Rates.Zip(ofMany.Rates, (fews, manys) => fews / manys)):F2}",
                $"{ofFew.Cpu:N0}",
                $"{ofMany.Cpu:N0}",
                $"{ofMany.Cpu / ofFew.Cpu:F2}");
        }

        table.Print();
    }

    private static string Microseconds(LibrarySubject subject) =>
        $"{Environment.ProcessorCount * 1e6 / subject.Rate:N0}";

    /// <summary>By another value of the tag each time, so that it is not ever the same rows that are read.</summary>
    private static Action Filter(TaggedStore store, string tag, int found, int limit, params string[] others)
    {
        var values = TaggedStore.KeysWithFewTags / found;
        var filters = Enumerable.Range(0, values).Select(value => new KeyFilter
        {
            EnterpriseProjects = s_project,
            Tags = [new(tag, [$"{value}"]), .. others.Select(other => new TagCondition(other, []))],
        }).ToArray();
        var turn = 0;
        return () =>
        {
            var page = Keys(store, filters[turn++ % values], 0, limit);
            Insist(page.TotalCount == found && page.Items.Count == Math.Min(found, limit));
        };
    }

    private static Action AllByTag(TaggedStore store)
    {
        var filter = new KeyFilter { EnterpriseProjects = s_project, Tags = [new("team", [])] };
        return () => Insist(Keys(store, filter, 0, 10).TotalCount == store.Keys);
    }

    private static Action Tags(TaggedStore store, ProjectSet projects, int found) => () =>
        Insist(store.Store.TagsAsync(TaggedStore.Account, projects, 1000, default).AsTask().Result.Count == found);

    private static Action LastPage(TaggedStore store, KeyFilter filter) => () =>
        Insist(Keys(store, filter, store.Keys - 100, 100).Items.Count == 100);

    private static Page<string> Keys(TaggedStore store, KeyFilter filter, int offset, int limit) =>
        store.Store.KeysAsync(TaggedStore.Account, filter, offset, limit, default).AsTask().Result;

    private static void Insist(bool isFound)
    {
        if (!isFound) throw new InvalidOperationException("That is not what the store was filled with.");
    }

    /// <param name="Name">What is looked for.</param>
    /// <param name="MakeCall">Makes the call, for a thread.</param>
    private sealed record Query(string Name, Func<TaggedStore, Action> MakeCall);
}
