using KmsActors.Grains;
using static KmsActors.Simulator.FleetEvent;

namespace KmsActors.Simulator.Tests;

public sealed class FleetStatisticsTests
{
    private static readonly DateTimeOffset s_begins = new(Samples.Start, TimeOnly.MinValue, TimeSpan.Zero);

    [Fact]
    public void Keys_AreInTheStateOfTheDaysEnd()
    {
        var statistics = Samples.Quiet(5);
        statistics.Moved(s_begins, null, KeyState.PendingImport);
        statistics.Moved(s_begins.AddHours(23), null, KeyState.Enabled);
        statistics.Moved(s_begins.AddHours(47), KeyState.PendingImport, KeyState.Enabled);
        statistics.Moved(s_begins.AddDays(2), KeyState.Enabled, KeyState.PendingDeletion);
        statistics.Moved(s_begins.AddDays(2), KeyState.Enabled, KeyState.Enabled);
        statistics.Moved(s_begins.AddDays(4), KeyState.PendingDeletion, null);
        Assert.Equal([1, 2, 1, 1, 1], statistics.KeysByDay(KeyState.Enabled));
        Assert.Equal([1, 0, 0, 0, 0], statistics.KeysByDay(KeyState.PendingImport));
        Assert.Equal([0, 0, 1, 1, 0], statistics.KeysByDay(KeyState.PendingDeletion));
        Assert.Equal([0, 0, 0, 0, 0], statistics.KeysByDay(KeyState.Disabled));
        Assert.Equal((1, 0), (statistics.KeysAtEnd(KeyState.Enabled), statistics.KeysAtEnd(KeyState.PendingDeletion)));
        Assert.Equal([2, 0, 0, 0, 0], statistics.Daily(Created));
    }

    [Fact]
    public void Cancellation_IsOfTheLastHour_FromOneHourBeforeTheDate()
    {
        var statistics = Samples.Quiet(3);
        var due = s_begins.AddDays(2);
        statistics.Cancelled(due, due.AddHours(-1).AddTicks(-1));
        statistics.Cancelled(due, due.AddHours(-1));
        statistics.Cancelled(due, due.AddTicks(-1));
        Assert.Equal([0, 3, 0], statistics.Daily(Cancelled));
        Assert.Equal([0, 2, 0], statistics.Daily(CancelledInLastHour));
    }

    [Fact]
    public void Deletion_IsEarly_BeforeTheDateOnly()
    {
        var statistics = Samples.Quiet(2);
        var due = s_begins.AddDays(1);
        statistics.Deleted(due, due);
        statistics.Deleted(due, due.AddSeconds(3));
        Assert.Equal((2, 0), (statistics.Total(Deleted), statistics.Total(DeletedEarly)));
        statistics.Deleted(due, due.AddTicks(-1));
        Assert.Equal((3, 1), (statistics.Total(Deleted), statistics.Total(DeletedEarly)));
        Assert.Equal([1, 2], statistics.Daily(Deleted));
        Assert.Equal((3, TimeSpan.FromSeconds(3)), (statistics.DeletionLateness.Count, statistics.DeletionLateness.Max));
    }

    [Fact]
    public void InstantsOutside_CountAsTheFirstAndTheLastDay()
    {
        var statistics = Samples.Quiet(3);
        statistics.Happened(Crashed, s_begins.AddTicks(-1));
        statistics.Happened(Crashed, s_begins.AddDays(3), 2);
        statistics.Happened(Crashed, DateTimeOffset.MinValue);
        statistics.Happened(Crashed, DateTimeOffset.MaxValue);
        Assert.Equal([2, 0, 3], statistics.Daily(Crashed));
    }

    [Fact]
    public void Sum_IsWhatOneWouldHaveCounted()
    {
        var (one, other, all) = (Samples.Quiet(40), Samples.Quiet(40), Samples.Quiet(40));
        var random = new Random(7);
        for (var turn = 0; turn < 5000; turn++)
        {
            var at = s_begins.AddHours(random.Next(40 * 24));
            var due = at.AddMilliseconds(-random.Next(100_000));
            var (from, to) = (State(), State());
            var what = (FleetEvent)random.Next(Enum.GetValues<FleetEvent>().Length);
            var part = random.Next(2) == 0 ? one : other;
            foreach (var statistics in new[] { part, all })
            {
                statistics.Moved(at, from, to);
                statistics.Happened(what, at, turn);
                statistics.Cancelled(at.AddMinutes(turn), at);
                if (turn % 3 == 0) statistics.Deleted(due, at);
                if (turn % 3 == 1) statistics.Expired(due, at);
                if (turn % 3 == 2) statistics.Rotated(due, at);
                statistics.Steps += turn;
            }
        }

        one.Add(other);
        Assert.Equal(Everything(all), Everything(one));

        KeyState? State() => random.Next(5) is var state and < 4 ? (KeyState)state : null;
    }

    [Fact]
    public void OtherDays_AreNotAdded()
    {
        Assert.Throws<ArgumentException>(() => Samples.Quiet(3).Add(Samples.Quiet(4)));
        Assert.Throws<ArgumentException>(() => Samples.Quiet(3).Add(new(Samples.Start.AddDays(1), 3)));
    }

    private static List<string> Everything(FleetStatistics of) =>
    [
        .. Enum.GetValues<FleetEvent>().Select(what => $"{what}: {string.Join(' ', of.Daily(what))}"),
        .. Enum.GetValues<KeyState>().Select(state => $"{state}: {string.Join(' ', of.KeysByDay(state))}"),
        .. new[] { of.DeletionLateness, of.ExpiryLateness, of.RotationLateness }
            .Select(late => $"{late.Count} {late.Max} {late.Quantile(0.5)} {late.Quantile(0.99)} {late.CountUpTo(TimeSpan.FromSeconds(20))}"),
        $"{of.Steps}",
    ];
}
