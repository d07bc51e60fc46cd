using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>The nodes on one database, each of which can end and come back as another.</summary>
internal sealed class Cluster
{
    private readonly World _world;
    private readonly ClusterOptions _options;
    private readonly SimulatedDatabase _database;
    private readonly Chance _chance;
    private readonly SimulatedNode[] _nodes;
    private readonly DatabaseLink[] _links;
    private readonly ProcessClock[] _clocks;
    private int _processes;

    /// <summary>Starts them all.</summary>
    public Cluster(World world, SimulatedDatabase database, ClusterOptions options, ulong seed)
    {
        (_world, _database, _options) = (world, database, options);
        _chance = Chance.Of(seed, 2);
        _nodes = new SimulatedNode[options.Nodes];
        _links = new DatabaseLink[options.Nodes];
        _clocks = new ProcessClock[options.Nodes];
        Clients = new Process(world, _processes++);
        for (var i = 0; i < options.Nodes; i++) Start(i);
    }

    /// <summary>What is wrong with the database.</summary>
    public Trouble Trouble { get; } = new();

    /// <summary>Where all clients run, who never end.</summary>
    public Process Clients { get; }

    /// <summary>How many nodes there are, whether they run or not.</summary>
    public int Count => _nodes.Length;

    /// <summary>A node, as it is now.</summary>
    public SimulatedNode this[int index] => _nodes[index];

    /// <summary>Whether every node takes calls.</summary>
    public bool AllServe => Array.TrueForAll(_nodes, node => node.IsServing && !node.Process.IsPaused);

    /// <summary>How long it takes to a node or back.</summary>
    public TimeSpan OneWay() =>
        _options.ToNodes.IsNone ? TimeSpan.Zero : _chance.Between(_options.ToNodes.Least, _options.ToNodes.Most);

    /// <summary>Ends a node between two of its steps, and starts it again after a while.</summary>
    public void Kill(int index, TimeSpan away)
    {
        if (_nodes[index].Process.HasEnded) return;
        _world.Trace.Add(_world.Elapsed, Name(index), "is killed");
        _nodes[index].Dispose();
        _world.After(away, () => Start(index));
    }

    /// <summary>Has a node take its leave, and end, and starts it again after a while.</summary>
    public void Stop(int index, TimeSpan away)
    {
        if (_nodes[index].Process.HasEnded) return;
        _world.Trace.Add(_world.Elapsed, Name(index), "stops");
        _nodes[index].Leave();
        _world.After(away / 2, () => Kill(index, away / 2));
    }

    /// <summary>Has a node stand still for a while.</summary>
    public void Pause(int index, TimeSpan time)
    {
        var process = _nodes[index].Process;
        if (process.HasEnded || process.IsPaused) return;
        _world.Trace.Add(_world.Elapsed, Name(index), "stands still");
        process.Pause();
        _world.After(time, () =>
        {
            _world.Trace.Add(_world.Elapsed, Name(index), "goes on");
            process.Continue();
        });
    }

    /// <summary>Cuts a node's way to the database for a while.</summary>
    public void Cut(int index, TimeSpan time)
    {
        var link = _links[index];
        _world.Trace.Add(_world.Elapsed, Name(index), "is cut off");
        link.IsCut = true;
        _world.After(time, () => link.IsCut = false);
    }

    /// <summary>Has a node's clock show something else.</summary>
    public void Jump(int index)
    {
        var clock = _clocks[index];
        clock.Offset = _chance.Between(-_options.ClockOffset, _options.ClockOffset);
        _world.Trace.Add(_world.Elapsed, $"{Name(index)} clock", clock.Offset.Ticks);
    }

    private void Start(int index)
    {
        var process = new Process(_world, _processes++);
        var rate = 1 + (((2 * _chance.Part()) - 1) * _options.ClockRate);
        var clock = new ProcessClock(_world, process, rate)
        {
            Offset = _chance.Between(-_options.ClockOffset, _options.ClockOffset),
        };
        var isShared = _options.Nodes > 1;
        var link = new DatabaseLink(
            _world, _database, Trouble, _options.ToDatabase, _chance.Fork(), process, isOwn: !isShared);
        var parts = new NodeParts(clock, link, link, isShared ? link : null, isShared ? link : null);
        (_clocks[index], _links[index]) = (clock, link);
        _world.Trace.Add(_world.Elapsed, Name(index), "starts");
        _nodes[index] = new SimulatedNode(
            _world, process, _options.Sabotage(parts), new SimulatedHsa(_chance.Fork()), _options.Settings);
    }

    private static string Name(int index) => $"node {index}";
}

/// <summary>What a cluster is like.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How many nodes; one alone has its database to itself.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>What all nodes are told.</summary>
    public NodeSettings Settings { get; init; } = new();

    /// <summary>The way to the database.</summary>
    public Latency ToDatabase { get; init; } = Latency.None;

    /// <summary>The way from clients to nodes.</summary>
    public Latency ToNodes { get; init; } = Latency.None;

    /// <summary>By how much a clock's speed is off, as a part of it.</summary>
    public double ClockRate { get; init; }

    /// <summary>By how much what a clock shows is off.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>What a test does to a node's parts; nothing else does anything.</summary>
    public Func<NodeParts, NodeParts> Sabotage { get; init; } = parts => parts;
}
