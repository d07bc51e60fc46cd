using KmsActors.Grains;

namespace KmsActors.Simulator.Tests;

/// <summary>Runs that never were.</summary>
internal static class Samples
{
    public static readonly DateOnly Start = new(2026, 1, 1);

    /// <summary>A fleet to which everything happens that can.</summary>
    public static FleetRun Run(int days = 1096, int seed = 1)
    {
        var fleet = new FleetDescription
        {
            Name = "A young SaaS", About = "Few big tenants that offboard now and then.", Days = days, Seed = (ulong)seed, Start = Start,
        };
        return RunOf(fleet, Busy(days, seed));
    }

    public static FleetRun RunOf(FleetDescription fleet, FleetStatistics statistics) => new(
        fleet, statistics, TimeSpan.FromSeconds(41.27),
        $"dotnet run -c Release --project src/KmsActors.Simulator -- --days {fleet.Days} --seed {fleet.Seed}", "b2f00c5d1a7e93f4");

    /// <summary>Statistics of the same days to which nothing happened.</summary>
    public static FleetStatistics Quiet(int days = 1096) => new(Start, days);

    private static FleetStatistics Busy(int days, int seed)
    {
        var random = new Random(seed);
        var statistics = Quiet(days);
        var begins = new DateTimeOffset(Start, TimeOnly.MinValue, TimeSpan.Zero);
        for (var key = 0; key < 20_000; key++)
        {
            var at = key < 10_000 ? begins : Later(begins, days);
            var state = random.Next(10) == 0 ? KeyState.PendingImport : KeyState.Enabled;
            statistics.Moved(at, null, state);
            if (state == KeyState.PendingImport) (at, state) = Import(statistics, Later(at, 30));
            if (random.Next(20) == 0) (at, state) = Move(statistics, Later(at, 300), state, KeyState.Disabled);
            if (random.Next(3) == 0) Delete(statistics, Later(at, 900), state, random.Next(4) == 0 ? 1096 : random.Next(7, 91));
            if (random.Next(3) == 0) statistics.Rotated(at.AddDays(365), at.AddDays(365) + Lateness());
            statistics.Happened(FleetEvent.Answered, at, 3);
        }

        for (var burst = 0; burst < days / 9; burst++) statistics.Happened(FleetEvent.Throttled, Later(begins, days), random.Next(1, 200));
        for (var fault = 0; fault < days / 30; fault++)
        {
            var at = Later(begins, days);
            statistics.Happened(FleetEvent.Crashed, at);
            statistics.Happened(FleetEvent.Unanswered, at, random.Next(60));
            statistics.Happened(FleetEvent.Refused, at, 5);
        }

        statistics.Happened(FleetEvent.AliasMoved, begins, 77);
        statistics.Steps = 12_345_678;
        return statistics;

        DateTimeOffset Later(DateTimeOffset from, int most) => from.AddSeconds(random.NextDouble() * most * 86_400);

        TimeSpan Lateness() => random.Next(1000) == 0
            ? TimeSpan.FromSeconds(random.NextDouble() * 75)
            : TimeSpan.FromMilliseconds(Math.Pow(random.NextDouble(), 3) * 2500);

        (DateTimeOffset At, KeyState State) Move(FleetStatistics to, DateTimeOffset at, KeyState from, KeyState state)
        {
            // What comes after the last day is not simulated.
            if (at < begins.AddDays(days)) to.Moved(at, from, state);
            return (at, state);
        }

        (DateTimeOffset At, KeyState State) Import(FleetStatistics to, DateTimeOffset at)
        {
            to.Happened(FleetEvent.Imported, at);
            var moved = Move(to, at, KeyState.PendingImport, KeyState.Enabled);
            var due = Later(at, 700);
            if (due >= begins.AddDays(days)) return moved;
            to.Expired(due, due + Lateness());
            return Move(to, due, KeyState.Enabled, KeyState.PendingImport);
        }

        void Delete(FleetStatistics to, DateTimeOffset at, KeyState from, int window)
        {
            if (at >= begins.AddDays(days)) return;
            to.Scheduled(at);
            Move(to, at, from, KeyState.PendingDeletion);
            var due = at.AddDays(window);
            if (due >= begins.AddDays(days)) return;
            if (random.Next(10) == 0)
            {
                var cancelled = random.Next(5) == 0 ? due.AddMinutes(-random.Next(1, 60)) : Later(at, window);
                to.Cancelled(due, cancelled);
                Move(to, cancelled, KeyState.PendingDeletion, KeyState.Enabled);
                return;
            }

            var late = due + Lateness();
            to.Deleted(due, late);
            to.Moved(late, KeyState.PendingDeletion, null);
        }
    }
}
