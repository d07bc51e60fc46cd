using KmsActors.Grains;
using KmsActors.Simulator;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>How nodes share due reminders out, as PostgresReminderTests says it.</summary>
public sealed class SimulatedReminderTests
{
    private readonly SimulatedDatabase _database = new();

    private DateTimeOffset _now = Start;

    public SimulatedReminderTests() => Commit([.. Enumerable.Range(0, 40).Reverse().Select(i =>
        Write(Key($"k{i:D2}"), 0, reminders: (Reminder.DeleteKey, Start.AddTicks(i))))]);

    [Fact]
    public void TakeDue_OneAfterAnother_EachGetsOthersAndItsOwnAgain()
    {
        var (one, two) = (Due(1, 15), Due(2, 15));

        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"k{i:D2}"), one);
        Assert.Equal(Enumerable.Range(15, 15).Select(i => $"k{i:D2}"), two);
        Assert.Equal(one, Due(1, 15));
        Assert.Equal([.. one, .. Enumerable.Range(30, 10).Select(i => $"k{i:D2}")], Due(1, 100));
        Assert.Empty(Due(3, 100));
        Assert.Empty(Due(1, 0));
    }

    [Fact]
    public void TakeDue_ClaimOver_AnotherGetsThem()
    {
        Assert.Equal(40, Due(1, 100).Count);
        _now += TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1);
        Assert.Empty(Due(2, 100));
        _now += TimeSpan.FromTicks(1);

        Assert.Equal(40, Due(2, 100).Count);
        // It lost them by that.
        Assert.Empty(Due(1, 100));
    }

    [Fact]
    public void TakeDue_AskedAgain_ClaimsForLonger()
    {
        Due(1, 100);
        _now += TimeSpan.FromSeconds(20);
        Due(1, 100);
        _now += TimeSpan.FromSeconds(20);

        Assert.Empty(Due(2, 100));
    }

    [Fact]
    public void Commit_ReminderSetAgain_IsNobodysAndClearedIsGone()
    {
        Assert.Equal(40, Due(1, 100).Count);
        var etag = _database.Load(Key("k07"))!.ETag;
        Commit(Write(Key("k07"), etag, reminders: (Reminder.DeleteKey, Start.AddTicks(1000))));
        Commit(Write(Key("k08"), etag, reminders: (Reminder.DeleteKey, null)));

        Assert.Empty(Due(2, 100));
        Assert.Equal(["k07"], Due(2, 100, 1000));
        Assert.Equal(38, Due(1, 100, 1000).Count);
    }

    [Fact]
    public void Unclaim_Claimed_OthersGetThem()
    {
        Assert.Equal(30, Due(1, 30).Count);
        Assert.Equal(10, Due(2, 100).Count);
        _database.Reminders.Unclaim(1);

        Assert.Equal(30, Due(3, 100).Count);
        Assert.Equal(10, Due(2, 100).Count);
    }

    [Fact]
    public void Next_IsTheEarliestOfAllClaimedOrNot()
    {
        Assert.Equal(Start, _database.Reminders.Next);
        Due(1, 5);
        Assert.Equal(Start, _database.Reminders.Next);
        var etag = _database.Load(Key("k00"))!.ETag;
        Commit(Write(Key("k00"), etag, null));
        Assert.Equal(Start.AddTicks(1), _database.Reminders.Next);
        Commit(Write(Key("k01"), etag, reminders: (Reminder.DeleteKey, null)));
        Assert.Equal(Start.AddTicks(2), _database.Reminders.Next);
        Assert.Equal(38, _database.Reminders.All.Count);
        Assert.Null(new SimulatedDatabase().Reminders.Next);
    }

    [Fact]
    public void TakeDue_DueAtTheSameTime_ByIdInTheOrderOfBytes()
    {
        string[] ordered = ["A", "a", "aa", "b", "\uFFFD", "\U0001F511"];
        Commit([.. ordered.Reverse().Select(name => Write(
            Key(name, "x"), 0, reminders: [(Reminder.ExpireMaterial, Start.AddTicks(-1)), (Reminder.DeleteKey, Start.AddTicks(-1))]))]);

        Assert.Equal(
            [.. from name in ordered from reminder in (Reminder[])[Reminder.DeleteKey, Reminder.ExpireMaterial] select (name, reminder)],
            _database.Reminders.TakeDue(1, Start.AddTicks(-1), 100, _now).Select(due => (due.Id.Name, due.Reminder)));
    }

    private IReadOnlyList<string> Due(int node, int most, int ticks = 100) =>
        [.. _database.Reminders.TakeDue(node, Start.AddTicks(ticks), most, _now).Select(due => due.Id.Name)];

    private void Commit(params Grains.Hosting.GrainWrite[] writes) =>
        Assert.Equal(
            Grains.Hosting.CommitStatus.Committed, _database.Commit(_database.Begin(), Make.Commit(writes), _now).Status);
}
