namespace KmsActors.Simulator;

/// <summary>Has things go wrong during a burst.</summary>
internal sealed class Faults(World world, SimulatedDatabase database, Cluster cluster, RunOptions options)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);

    private readonly Dictionary<FaultKind, double> _perBurst = Draw(Chance.Of(options.Seed, 4));

    /// <summary>How many there were, left out or not.</summary>
    public long Count { get; private set; }

    /// <summary>Plans what goes wrong in a burst of this length.</summary>
    public void Plan(int burst, TimeSpan length)
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var chance = Chance.Of(options.Seed, 5, (ulong)burst, (ulong)kind);
            for (var most = 3; most > 0 && chance.Happens(_perBurst[kind]); most--)
            {
                var number = Count++;
                var (at, time) = (chance.Between(TimeSpan.Zero, length), chance.Between(Short, Long));
                var happens = options.OnlyFaults?.Contains(number) != false;
                if (happens) world.After(at, () => Happen(kind, number, time, chance));
            }
        }
    }

    private void Happen(FaultKind kind, long number, TimeSpan time, Chance chance)
    {
        world.Trace.Add(world.Elapsed, $"fault {number}", $"{kind} for {time}");
        var (node, trouble) = (chance.Below(cluster.Count), cluster.Trouble);
        switch (kind)
        {
            case FaultKind.Kill:
                cluster.Kill(node, time);
                break;
            case FaultKind.Stop:
                cluster.Stop(node, time);
                break;
            case FaultKind.Pause:
                cluster.Pause(node, time);
                break;
            case FaultKind.Cut:
                cluster.Cut(node, time);
                break;
            case FaultKind.Jump:
                cluster.Jump(node);
                break;
            case FaultKind.Forget:
                database.Feed.ForgetChanges();
                break;
            case FaultKind.PumpTwice:
                trouble.IgnoresClaims = true;
                for (var i = 0; i < cluster.Count; i++) cluster[i].Pump();
                world.After(time, () => trouble.IgnoresClaims = false);
                break;
            case FaultKind.Away:
                trouble.IsAway = true;
                world.After(time, () => trouble.IsAway = false);
                break;
            case FaultKind.Slow:
                trouble.Slowness = chance.Between(5, 200);
                world.After(time, () => trouble.Slowness = 1);
                break;
            case FaultKind.Fail:
                trouble.Fails = chance.Part() / 2;
                world.After(time, () => trouble.Fails = 0);
                break;
            case FaultKind.LoseAnswers:
                trouble.LosesAnswers = chance.Part() / 2;
                world.After(time, () => trouble.LosesAnswers = 0);
                break;
            case FaultKind.CutOff:
                trouble.CutsOff = chance.Part() / 2;
                world.After(time, () => trouble.CutsOff = 0);
                break;
        }
    }

    // Each seed has another mixture, and some of them without much of it.
    private static Dictionary<FaultKind, double> Draw(Chance chance) => Enum.GetValues<FaultKind>()
        .ToDictionary(kind => kind, _ => chance.Happens(0.4) ? 0 : chance.Part() * 0.5);
}
