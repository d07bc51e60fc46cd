namespace KmsActors.Simulator;

/// <summary>
/// Passes time: quickly where nothing is due, and step by step where something is. What is due has to be done within a
/// minute, once nothing is wrong.
/// </summary>
internal sealed class Calendar(World world, SimulatedDatabase database, Cluster cluster, Chance chance)
{
    /// <summary>What a reminder may be late, while nothing is wrong: a node's claim, and then another's turn.</summary>
    public static readonly TimeSpan LatestReminder = TimeSpan.FromSeconds(60);

    // Time before something is due is not left out, to see that it does not happen.
    private static readonly TimeSpan MostLead = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(20);

    /// <summary>Goes on until a time, with all that is due before.</summary>
    public void GoTo(DateTimeOffset until)
    {
        while (world.Fault is null)
        {
            DoWhatIsDue();
            var next = database.Reminders.Next;
            var stop = next < until ? next.Value - chance.Between(TimeSpan.Zero, MostLead) : until;
            if (stop > world.Now && IsQuiet()) world.Skip(stop - world.Now);
            if (!(next < until)) return;
            world.RunFor(next.Value - world.Now);
        }
    }

    /// <summary>Goes on until all nodes serve.</summary>
    public void Recover()
    {
        if (!RunUntil(() => cluster.AllServe, LongestRecovery) && world.Fault is null)
            world.Fail(new Violation(Rules.Fault, "nothing is wrong, and not all nodes serve"));
    }

    /// <summary>Goes on until something is so, for so long at most; whether it is.</summary>
    public bool RunUntil(Func<bool> isSo, TimeSpan most)
    {
        var until = world.Elapsed + most;
        while (!isSo())
        {
            if (world.Fault is not null || !world.RunNext(until)) return false;
        }

        return true;
    }

    private void DoWhatIsDue()
    {
        var latest = world.Elapsed + LatestReminder;
        while (world.Fault is null && database.Reminders.Next is { } due && due <= world.Now)
        {
            if (world.RunNext(latest)) continue;
            var row = database.Reminders.All.First();
            world.Fail(new Violation(
                Rules.Late, $"{row.Grain.Id} {row.Reminder} was due {due:O}, and it is {world.Now:O}"));
        }
    }

    // A step that somebody could take now must not be taken days later.
    private bool IsQuiet() => RunUntil(() => world.IsIdle, MostLead);
}
