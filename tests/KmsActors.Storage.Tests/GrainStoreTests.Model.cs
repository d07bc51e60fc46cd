using FsCheck;
using FsCheck.Fluent;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    private int _run;

    /// <summary>Each number is the seed of one commit: a failure shrinks to the commits it takes.</summary>
    [Fact]
    public Task CommitAsync_AnyCommits_AgreeWithTheModel() => Task.Run(() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120),
            Prop.ForAll<DoNotSize<int>[]>(seeds => AgreesWithModelAsync(seeds))));

    private async Task AgreesWithModelAsync(DoNotSize<int>[] seeds)
    {
        // Accounts of its own for each run, as they share the database.
        string[] accounts = [$"run{_run}a", $"run{_run}b"];
        _run++;
        var model = new StoreModel();
        var last = 0L;
        foreach (var seed in seeds)
        {
            var random = new Random(seed.Item);
            var commit = RandomCommit(random, accounts, model);
            var result = await Store.CommitAsync(commit, default);
            var (status, cascaded) = model.Apply(commit, result.ETag);

            Assert.Equal(status, result.Status);
            Assert.Equal(cascaded.Order(), result.Cascaded.Order());
            if (status == CommitStatus.Committed) Assert.True(result.ETag > last);
            last = Math.Max(last, result.ETag);
            await AssertAgreesAsync(model, accounts, RandomFilter(random), RandomProjects(random));
        }
    }

    private async Task AssertAgreesAsync(
        StoreModel model, string[] accounts, KeyFilter filter, ProjectSet projects)
    {
        foreach (var id in Universe(accounts))
        {
            var grain = await Store.LoadAsync(id, default);
            Assert.Equal(model.ETag(id), grain?.ETag ?? 0);
            Assert.Equal(model.Rows.GetValueOrDefault(id)?.Change.State, grain?.State);
        }

        foreach (var account in accounts)
        {
            var keys = await KeysAsync(account: account);
            Assert.Equal(model.Keys(account, KeyFilter.None), keys.Items);
            Assert.Equal(keys.Items.Count, keys.TotalCount);
            var matches = model.Keys(account, filter);
            var page = await KeysAsync(1, 1, account, filter);
            Assert.Equal(matches, (await KeysAsync(account: account, filter: filter)).Items);
            Assert.Equal(matches.Skip(1).Take(1), page.Items);
            Assert.Equal(matches.Count, page.TotalCount);
            Assert.Equal(model.Tags(account, ProjectSet.All), await TagsAsync(account: account));
            var tags = model.Tags(account, projects);
            Assert.Equal(tags, await TagsAsync(account: account, projects: projects));
            Assert.Equal(tags.Take(2), await TagsAsync(2, account, projects));
            var aliases = await AliasesAsync(account: account);
            Assert.Equal(model.Aliases(account), aliases.Items);
            Assert.Equal(aliases.Items.Count, aliases.TotalCount);
            var ofKey = await AliasesOfKeyAsync("k0", account: account);
            Assert.Equal(model.Aliases(account).Where(row => row.KeyId == "k0"), ofKey.Items);
            Assert.Equal(ofKey.Items.Count, ofKey.TotalCount);
        }

        var due = await DueAsync(Start.AddTicks(3), int.MaxValue);
        Assert.Equal(
            model.Due(Start.AddTicks(3)),
            due.Where(reminder => accounts.Contains(reminder.Id.Account)).OrderBy(reminder => reminder.DueAt)
                .ThenBy(reminder => reminder.Id).ThenBy(reminder => reminder.Reminder));
        var instants = due.Select(reminder => reminder.DueAt).ToList();
        Assert.Equal(instants.Order(), instants);
    }

    private static GrainId[] Universe(string[] accounts) =>
        [.. from account in accounts
            from i in Enumerable.Range(0, 3)
            from id in (GrainId[])[Key($"k{i}", account), Alias($"a{i}", account), Token($"t{i}", account)]
            select id];

    private static GrainCommit RandomCommit(Random random, string[] accounts, StoreModel model)
    {
        var ids = Universe(accounts);
        random.Shuffle(ids);
        return Commit([.. ids.Take(random.Next(1, 4)).Select(id => RandomWrite(random, id, model))]);
    }

    private static GrainWrite RandomWrite(Random random, GrainId id, StoreModel model)
    {
        var etag = random.Next(12) == 0 ? random.Next(3) : model.ETag(id);
        if (random.Next(5) == 0) return Guard(id, etag);
        var state = random.Next(4) == 0 ? null : $"state {random.Next()}";
        return Write(
            id,
            etag,
            state,
            owner: id.Kind == GrainKind.Cmk || random.Next(4) == 0 ? null : $"k{random.Next(3)}",
            existedBefore: model.Exists(id),
            existsNow: state is not null && random.Next(5) > 0,
            limit: random.Next(3) == 0 ? random.Next(1, 4) : long.MaxValue,
            listing: RandomListing(random),
            reminders: [.. Enum.GetValues<Reminder>().Where(_ => random.Next(3) == 0)
                .Select(r => (r, RandomTime(random)))]);
    }

    private static DateTimeOffset? RandomTime(Random random) =>
        random.Next(3) == 0 ? null : Start.AddTicks(random.Next(6));
}
