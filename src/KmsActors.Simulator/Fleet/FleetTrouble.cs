namespace KmsActors.Simulator;

/// <summary>What breaks of a fleet's nodes and its database, at random times over the years.</summary>
internal sealed class FleetTrouble(
    FleetPart part, World world, Cluster cluster, FleetFaults faults, FleetStatistics statistics)
{
    private const double DaysPerYear = 365.25;

    /// <summary>Plans all of it.</summary>
    public void Plan(Chance chance)
    {
        Plan(chance.Fork(), faults.CrashesPerYear, faults.CrashSeconds, FleetEvent.Crashed, Crash);
        Plan(chance.Fork(), faults.PausesPerYear, faults.PauseSeconds, FleetEvent.Paused, Pause);
        Plan(chance.Fork(), faults.OutagesPerYear, faults.OutageSeconds, FleetEvent.DatabaseLost, LoseDatabase);
    }

    private void Plan(Chance chance, double perYear, int seconds, FleetEvent what, Action<Chance, TimeSpan> happen)
    {
        if (perYear <= 0) return;
        var mean = TimeSpan.FromDays(DaysPerYear / perYear);
        PlanNext();

        void PlanNext() => part.At(part.Now + chance.Exponential(mean), () =>
        {
            var time = TimeSpan.FromSeconds(seconds);
            part.IsFaulty(time + TimeSpan.FromSeconds(2));
            statistics.Happened(what, world.Now);
            happen(chance, time);
            PlanNext();
        });
    }

    private void Crash(Chance chance, TimeSpan time) => cluster.Kill(chance.Below(cluster.Count), time);

    private void Pause(Chance chance, TimeSpan time) => cluster.Pause(chance.Below(cluster.Count), time);

    private void LoseDatabase(Chance chance, TimeSpan time)
    {
        cluster.Trouble.IsAway = true;
        world.After(time, () => cluster.Trouble.IsAway = false);
    }
}
