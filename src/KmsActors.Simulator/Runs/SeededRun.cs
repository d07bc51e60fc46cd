using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>
/// One run: some tenants on some nodes, over months or years, with bursts of calls, between which time passes, and in
/// which things go wrong. All of it follows from the options.
/// </summary>
internal sealed class SeededRun
{
    private const double ClockRate = 0.02;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClockOffset = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<GrainKind, (string, long)> Quotas = new()
    {
        [GrainKind.Cmk] = (nameof(Quota.Keys), 30),
        [GrainKind.Alias] = (nameof(Quota.Aliases), 8),
        [GrainKind.ImportToken] = (nameof(Quota.ImportTokens), 6),
        [GrainKind.User] = (nameof(Quota.Users), 5),
        [GrainKind.Group] = (nameof(Quota.Groups), 3),
        [GrainKind.AuthToken] = (nameof(Quota.Tokens), 5),
    };

    private readonly RunOptions _options;
    private readonly World _world;
    private readonly SimulatedDatabase _database;
    private readonly Judge _judge;
    private readonly Cluster _cluster;
    private readonly Crowd _crowd;
    private readonly Calendar _calendar;
    private readonly Faults _faults;
    private readonly Chance _chance;
    private readonly List<Tenant> _tenants = [];
    private readonly int[] _weights;
    private readonly int _bursts;
    private long _sessions;
    private long _calls;

    private SeededRun(RunOptions options)
    {
        _options = options;
        _chance = Chance.Of(options.Seed, 6);
        _world = new World(options.Seed, Start) { Trace = { IsKept = options.KeepsTrace } };
        _database = new SimulatedDatabase(options.Rules);
        var nodes = _chance.Between(1, 4);
        var settings = Settings();
        _judge = new Judge(_world, _database, Bounds(nodes > 1 ? settings.Host.Coherence : null));
        _database.Committed = _judge.Committed;
        _cluster = new Cluster(
            _world,
            _database,
            new ClusterOptions
            {
                Nodes = nodes,
                Settings = settings,
                ToDatabase = Milliseconds(0.2, _chance.Between(1, 20)),
                ToNodes = Milliseconds(0.1, _chance.Between(1, 5)),
                ClockRate = ClockRate,
                ClockOffset = ClockOffset,
                Sabotage = options.Sabotage,
            },
            options.Seed);
        _crowd = new Crowd(_world, _cluster, _judge)
        {
            CallEnded = call =>
            {
                _calls++;
                options.CallEnded?.Invoke(call);
            },
        };
        _calendar = new Calendar(_world, _database, _cluster, _chance.Fork());
        _faults = new Faults(_world, _database, _cluster, options);
        _weights = [.. Acts.All.Select(act => _chance.Happens(0.15) ? 0 : act.Weight * _chance.Between(1, 4))];
        _bursts = _chance.Between(4, 10);
    }

    /// <summary>Does it all.</summary>
    public static RunResult Execute(RunOptions options)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new SeededRun(options).Execute();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private RunResult Execute()
    {
        _calendar.Recover();
        Open(_chance.Between(1, 3));
        var burst = 0;
        for (; burst < _bursts && _world.Fault is null; burst++)
        {
            _calendar.GoTo(NextBurst());
            Burst(burst);
            Settle();
        }

        _calendar.GoTo(_world.Now + TimeSpan.FromDays(_chance.Between(30, 1200)));
        if (_world.Fault is null) FinalChecks();
        return new RunResult(
            _world.Trace.Hash,
            _world.Steps,
            _calls,
            _judge.Commits,
            (_world.Now - Start).TotalDays,
            _sessions,
            _faults.Count,
            burst,
            _world.Fault,
            _world.Trace.Lines);
    }

    private void Open(int tenants)
    {
        for (var i = 1; i <= tenants; i++)
        {
            var tenant = new Tenant($"{i}");
            _tenants.Add(tenant);
            Begin(tenant, AccountActs.OpenAsync, isNeeded: true);
        }

        UntilNobodyCalls();
    }

    /// <summary>Just before something is due, more often than not; else some day.</summary>
    private DateTimeOffset NextBurst()
    {
        // All is drawn whatever there is, so that a run with less in it goes on alike.
        var (isNear, lead) = (_chance.Happens(0.6), _chance.Between(TimeSpan.Zero, TimeSpan.FromSeconds(4)));
        var someDay = _chance.Exponential(TimeSpan.FromDays(_chance.Happens(0.3) ? 60 : 3));
        return isNear && _database.Reminders.Next is { } due ? due - lead : _world.Now + someDay;
    }

    private void Burst(int burst)
    {
        var length = _chance.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(8));
        var sessions = _chance.Between(10, 120);
        foreach (var tenant in _tenants) Revive(tenant);
        for (var i = 0; i < sessions; i++)
        {
            var at = _chance.Between(TimeSpan.Zero, length);
            var tenant = _chance.OneOf(_tenants);
            var act = PickAct();
            _world.After(at, () => Begin(tenant, act));
        }

        _faults.Plan(burst, length);
        _world.RunFor(length);
    }

    /// <summary>Most tenants can act again; who has been erased has a successor.</summary>
    private void Revive(Tenant tenant)
    {
        if (_chance.Happens(0.8)) Begin(tenant, AccountActs.ReviveAsync, isNeeded: true);
    }

    private Func<Session, Task> PickAct()
    {
        var place = _chance.Below(Math.Max(1, _weights.Sum()));
        for (var i = 0; i < _weights.Length; i++)
        {
            place -= _weights[i];
            if (place < 0) return Acts.All[i].Act;
        }

        return Acts.All[0].Act;
    }

    private void Begin(Tenant tenant, Func<Session, Task> act, bool isNeeded = false)
    {
        var number = _sessions++;
        if (!isNeeded && _options.OnlySessions?.Contains(number) == false) return;
        _crowd.Begin(number, tenant, Chance.Of(_options.Seed, 7, (ulong)number), act);
    }

    private void UntilNobodyCalls()
    {
        if (!_calendar.RunUntil(() => _crowd.UnderWay == 0, LongestCall) && _world.Fault is null)
            _world.Fail(new Violation(Rules.Fault, "a call is never answered"));
    }

    /// <summary>Faults end by themselves; then everything has to be well again.</summary>
    private void Settle()
    {
        UntilNobodyCalls();
        _world.RunFor(TimeSpan.FromSeconds(7));
        _calendar.Recover();
        if (_world.Fault is null) _world.Try(_judge.CheckAll);
    }

    /// <summary>What was encrypted decrypts exactly if its key is still there and may be used.</summary>
    private void FinalChecks()
    {
        _world.Try(_judge.CheckAll);
        foreach (var tenant in _tenants.SelectMany(tenant => tenant.Projects))
        {
            foreach (var ciphertext in tenant.Ciphertexts)
                Begin(tenant, session => UseActs.DecryptAsync(session, ciphertext), isNeeded: true);
        }

        UntilNobodyCalls();
    }

    private NodeSettings Settings() => new()
    {
        Host = new GrainHostOptions { MostActivations = _chance.Happens(0.3) ? 4 : 1000 },
        Limits = new KmsLimits
        {
            KeysPerAccount = 30,
            AliasesPerAccount = 8,
            ImportTokensPerAccount = 6,
            UsersPerAccount = 5,
            GroupsPerAccount = 3,
            TokensPerAccount = 5,
        },
        DefaultKeyServices = ["obs"],
    };

    private static JudgeBounds Bounds(CoherenceOptions? coherence) => new()
    {
        LongestStale = (coherence?.Lease + coherence?.StaleGrace) / (1 - ClockRate),
        ClockSpread = ClockOffset,
        Quotas = Quotas,
    };

    private static Latency Milliseconds(double least, int most) =>
        new(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));
}
