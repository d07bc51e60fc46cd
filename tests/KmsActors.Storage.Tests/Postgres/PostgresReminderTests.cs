using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>How nodes share due reminders out.</summary>
public sealed class PostgresReminderTests : IAsyncLifetime
{
    private readonly PostgresSchema _schema = new();
    private readonly List<PostgresGrainStore> _stores = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 4; i++) _stores.Add(await _schema.OpenAsync());
        await CommitAsync([.. Enumerable.Range(0, 40).Select(i => WithReminder($"k{i:D2}", i))]);
    }

    public async Task DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task DueRemindersAsync_OneAfterAnother_EachGetsOthersAndItsOwnAgain()
    {
        var (one, two) = (await DueAsync(_stores[0], 15), await DueAsync(_stores[1], 15));

        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"k{i:D2}"), one);
        Assert.Equal(Enumerable.Range(15, 15).Select(i => $"k{i:D2}"), two);
        Assert.Equal(one, await DueAsync(_stores[0], 15));
        Assert.Equal([.. one, .. Enumerable.Range(30, 10).Select(i => $"k{i:D2}")], await DueAsync(_stores[0], 100));
        Assert.Empty(await DueAsync(_stores[2], 100));
    }

    [Fact]
    public async Task DueRemindersAsync_AllAtOnce_NoneIsGivenTwice()
    {
        for (var round = 0; round < 10; round++)
        {
            var given = await Task.WhenAll(_stores.Select(store => DueAsync(store, 7)));

            var all = given.SelectMany(names => names).ToList();
            Assert.Equal(all.Count, all.Distinct().Count());
            foreach (var store in _stores) await store.LeaveAsync(default);
        }
    }

    [Fact]
    public async Task DueRemindersAsync_AnotherIsAtIt_DoesNotWait()
    {
        await using var other = await _schema.ConnectAsync();
        await PostgresSchema.RunAsync(other, "BEGIN; SELECT FROM reminders WHERE name < 'k05' FOR UPDATE");

        Assert.Equal(["k05", "k06"], await DueAsync(_stores[0], 2).WaitAsync(Patience));
    }

    [Fact]
    public async Task DueRemindersAsync_ClaimOver_AnotherGetsThem()
    {
        await using var brief = await _schema.OpenAsync(
            options => options with { ClaimTime = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(40, (await DueAsync(brief, 100)).Count);
        await Task.Delay(100);

        Assert.Equal(40, (await DueAsync(_stores[1], 100)).Count);
        // It lost them by that.
        Assert.Empty(await DueAsync(brief, 100));
    }

    [Fact]
    public async Task CommitAsync_ReminderSetAgain_IsNobodysAndClearedIsGone()
    {
        Assert.Equal(40, (await DueAsync(_stores[0], 100)).Count);
        var grain = (await _stores[1].LoadAsync(Key("k07"), default))!;
        await CommitAsync(Write(Key("k07"), grain.ETag, reminders: (Reminder.DeleteKey, Start.AddTicks(1000))));
        await CommitAsync(Write(Key("k08"), grain.ETag, reminders: (Reminder.DeleteKey, null)));

        Assert.Empty(await DueAsync(_stores[1], 100));
        Assert.Equal(["k07"], await DueAsync(_stores[1], 100, 1000));
        Assert.Equal(38, (await DueAsync(_stores[0], 100, 1000)).Count);
    }

    [Fact]
    public async Task LeaveAsync_Claimed_OthersGetThem()
    {
        Assert.Equal(40, (await DueAsync(_stores[0], 100)).Count);
        await _stores[0].LeaveAsync(default);

        Assert.Equal(40, (await DueAsync(_stores[1], 100)).Count);
    }

    // A pump that has nothing to do must not have the server write.
    [Fact]
    public async Task DueRemindersAsync_NoneDue_WritesNothing()
    {
        await DueAsync(_stores[0], 100);
        var before = await _schema.QueryAsync("SELECT xmin, ctid FROM reminders ORDER BY name");

        Assert.Empty(await _stores[1].DueRemindersAsync(Start.AddTicks(100), 100, default));
        Assert.Empty(await _stores[0].DueRemindersAsync(Start.AddTicks(-1), 100, default));

        Assert.Equal(before, await _schema.QueryAsync("SELECT xmin, ctid FROM reminders ORDER BY name"));
    }

    private static GrainWrite WithReminder(string name, int ticks) =>
        Write(Key(name), 0, reminders: (Reminder.DeleteKey, Start.AddTicks(ticks)));

    private static async Task<IReadOnlyList<string>> DueAsync(PostgresGrainStore store, int most, int ticks = 100) =>
        [.. (await store.DueRemindersAsync(Start.AddTicks(ticks), most, default)).Select(due => due.Id.Name)];

    private async Task CommitAsync(params GrainWrite[] writes) =>
        Assert.Equal(CommitStatus.Committed, (await _stores[3].CommitAsync(Commit(writes), default)).Status);
}
