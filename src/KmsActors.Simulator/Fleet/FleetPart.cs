using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>
/// Some tenants of a fleet, on nodes and a database of their own, for as many days as the fleet is watched. Everything
/// is checked as in any run, and counted.
/// </summary>
internal sealed class FleetPart
{
    private const double ClockRate = 0.001;
    private const int MostUnderWay = 256;

    private static readonly TimeSpan ClockOffset = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    private readonly FleetDescription _fleet;
    private readonly World _world;
    private readonly SimulatedDatabase _database = new();
    private readonly Cluster _cluster;
    private readonly Crowd _crowd;
    private readonly Judge _judge;
    private readonly FleetRecorder _recorder;
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _plan = new();
    private readonly DateTimeOffset _ends;
    private readonly ulong _seed;
    private long _planned;
    private long _sessions;
    private TimeSpan _faultyUntil;

    /// <summary>A part.</summary>
    /// <param name="fleet">Of which fleet.</param>
    /// <param name="part">Which part of it.</param>
    public FleetPart(FleetDescription fleet, int part)
    {
        _fleet = fleet;
        _ends = fleet.Ends();
        _seed = Chance.Of(fleet.Seed, (ulong)part).Next();
        _world = new World(_seed, fleet.Begins());
        var settings = Settings(fleet.Limits);
        _judge = new Judge(_world, _database, Bounds(fleet, settings));
        _database.Committed = _judge.Committed;
        Statistics = new FleetStatistics(fleet.Start, fleet.Days);
        _recorder = new FleetRecorder(_world, _judge, Statistics);
        _cluster = new Cluster(
            _world,
            _database,
            new ClusterOptions
            {
                Nodes = fleet.Nodes,
                Settings = settings,
                ClockRate = ClockRate,
                ClockOffset = ClockOffset,
            },
            _seed);
        _crowd = new Crowd(_world, _cluster, _judge) { CallEnded = _recorder.Called, AvoidsTheDead = true };
    }

    /// <summary>What has happened.</summary>
    public FleetStatistics Statistics { get; }

    /// <summary>The same exactly for the same run.</summary>
    public ulong Hash => _world.Trace.Hash;

    /// <summary>The true time.</summary>
    public DateTimeOffset Now => _world.Now;

    /// <summary>Has something happen at a time, if that is before the end.</summary>
    public void At(DateTimeOffset time, Action happen)
    {
        if (time < _ends) _plan.Enqueue(happen, (time, _planned++));
    }

    /// <summary>Has a tenant do something now.</summary>
    public void Begin(Tenant tenant, Func<Session, Task> act)
    {
        var number = _sessions++;
        _crowd.Begin(number, tenant, Chance.Of(_seed, 7, (ulong)number), act);
    }

    /// <summary>Goes through all of it.</summary>
    /// <param name="tenants">The part's tenants, with the keys that each ever has.</param>
    /// <param name="progress">Told of each day.</param>
    /// <exception cref="Violation">The service did what it must never do.</exception>
    public void Run(IReadOnlyList<(Tenant Tenant, int Keys)> tenants, FleetProgress progress)
    {
        Until(() => _cluster.AllServe);
        for (var i = 0; i < tenants.Count; i++)
        {
            var life = new TenantLife(this, _fleet, tenants[i].Tenant, Chance.Of(_seed, 8, (ulong)i));
            var keys = tenants[i].Keys;
            At(_fleet.Begins(), () => Begin(life.Tenant, session => life.OpenAsync(session, keys)));
        }

        new FleetTrouble(this, _world, _cluster, _fleet.Faults, Statistics).Plan(Chance.Of(_seed, 9));
        var day = 0;
        while (GoOn(_ends))
        {
            for (; day < (Now - _fleet.Begins()).Days && day < _fleet.Days; day++) Report(day, progress);
        }

        Until(() => _crowd.UnderWay == 0);
        _judge.CheckAll();
        Report(_fleet.Days - 1, progress);
    }

    /// <summary>Something is wrong for so long: time is not left out meanwhile.</summary>
    public void IsFaulty(TimeSpan time) =>
        _faultyUntil = TimeSpan.FromTicks(Math.Max(_faultyUntil.Ticks, (_world.Elapsed + time).Ticks));

    // One thing after the other; quickly over the time in which there is nothing.
    private bool GoOn(DateTimeOffset until)
    {
        var isBusy = _crowd.UnderWay > 0 || _database.Reminders.Next <= Now || _world.Elapsed < _faultyUntil;
        var next = _plan.TryPeek(out _, out var planned) && planned.At < until ? planned.At : until;
        if (next <= Now && _crowd.UnderWay < MostUnderWay)
        {
            if (next == until) return isBusy && Step(TimeSpan.MaxValue);
            _plan.Dequeue()();
            return true;
        }

        if (isBusy || !_world.IsIdle) return Step(next > Now ? next - Now : LongestCall);
        var reminder = _database.Reminders.Next is { } due && due < next ? due : next;
        _world.Skip(reminder - Now);
        return true;
    }

    private bool Step(TimeSpan most)
    {
        var until = most == TimeSpan.MaxValue ? most : _world.Elapsed + most;
        if (!_world.RunNext(until)) _world.RunFor(most);
        Statistics.Steps = _world.Steps;
        if (_world.Fault is { } fault) throw fault;
        return true;
    }

    private void Until(Func<bool> isSo)
    {
        var latest = _world.Elapsed + LongestCall;
        while (!isSo())
        {
            if (_world.Elapsed > latest) throw new Violation(Rules.Fault, "a call is never answered");
            Step(LongestCall);
        }
    }

    private void Report(int day, FleetProgress progress) => progress.Report(day, Statistics);

    private static NodeSettings Settings(FleetLimits limits)
    {
        var defaults = new KmsLimits();
        return new NodeSettings
        {
            Host = new GrainHostOptions(),
            Limits = defaults with
            {
                UsesOfKeyPerSecond = limits.KeyCallsPerSecond,
                SymmetricCallsPerSecond = limits.AccountCallsPerSecond,
                KeysPerAccount = limits.KeysPerAccount == 0 ? 100_000_000 : limits.KeysPerAccount,
            },
        };
    }

    private static JudgeBounds Bounds(FleetDescription fleet, NodeSettings settings) => new()
    {
        LongestStale = fleet.Nodes > 1 ? settings.Host.Coherence.Lease / (1 - ClockRate) : null,
        ClockSpread = ClockOffset,
        HasLimits = true,
        Quotas = new Dictionary<GrainKind, (string, long)>
        {
            [GrainKind.Cmk] = (nameof(Quota.Keys), settings.Limits.KeysPerAccount),
            [GrainKind.Alias] = (nameof(Quota.Aliases), settings.Limits.AliasesPerAccount),
            [GrainKind.ImportToken] = (nameof(Quota.ImportTokens), settings.Limits.ImportTokensPerAccount),
        },
    };
}
