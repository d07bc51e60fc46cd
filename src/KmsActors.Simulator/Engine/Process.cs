namespace KmsActors.Simulator;

/// <summary>
/// Something that runs by itself: a node from its start to its end, or all clients together. Its awaits go on here.
/// When it has ended none of them ever does, whatever it was about to do.
/// </summary>
internal sealed class Process(World world, int number) : SynchronizationContext
{
    private readonly List<World.Step> _held = [];

    /// <summary>Which one it is.</summary>
    public int Number => number;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it stands still.</summary>
    public bool IsPaused { get; private set; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!HasEnded) world.Ready(this, d, state);
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A process waits for nobody.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Ends it between two of its steps.</summary>
    public void End()
    {
        HasEnded = true;
        _held.Clear();
    }

    /// <summary>Has it stand still.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>Has it go on.</summary>
    public void Continue()
    {
        IsPaused = false;
        foreach (var step in _held) world.Ready(step.Process, step.Run, step.State);
        _held.Clear();
    }

    /// <summary>Whether a step of this process is not to be taken now.</summary>
    public bool Holds(World.Step step)
    {
        if (HasEnded) return true;
        if (!IsPaused) return false;
        _held.Add(step);
        return true;
    }
}
