namespace KmsActors.Simulator;

/// <summary>
/// One thread's world: a virtual clock, processes, and an order of their steps that chance decides. A step is what a
/// process does between two awaits. Nothing in it takes real time, and nothing outside it can change what happens.
/// </summary>
/// <remarks>
/// Quiet time can be left out: <see cref="Skip"/> sets the calendar forward and leaves running what measures
/// durations, as if what goes on all the time, and comes to nothing, had gone on.
/// </remarks>
internal sealed class World(ulong seed, DateTimeOffset start)
{
    private readonly PriorityQueue<Happening, (long At, long Order)> _happenings = new();
    private readonly List<Step> _ready = [];
    private readonly Chance _order = Chance.Of(seed, 1);
    private long _happened;
    private TimeSpan _skipped;

    /// <summary>How long the world has run, without what was skipped.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The true time, UTC.</summary>
    public DateTimeOffset Now => start + Elapsed + _skipped;

    /// <summary>The true time as it was before anything was skipped, so that it measures durations.</summary>
    public DateTimeOffset Unskipped => start + Elapsed;

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>What happened, step by step.</summary>
    public Trace Trace { get; } = new();

    /// <summary>Whether no process could take a step now.</summary>
    public bool IsIdle => _ready.Count == 0;

    /// <summary>The fault that ended a step, which no process may have; null as long as there was none.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Has something happen after a while, unless it is called off.</summary>
    public Happening After(TimeSpan delay, Action happen)
    {
        var happening = new Happening(happen);
        Again(happening, delay);
        return happening;
    }

    /// <summary>The same for one that has happened.</summary>
    public void Again(Happening happening, TimeSpan delay)
    {
        var at = Elapsed.Ticks + Math.Max(0, delay.Ticks);
        _happenings.Enqueue(happening, (at, _happened++));
    }

    /// <summary>Lets a process take a step as soon as chance has it.</summary>
    public void Ready(Process process, SendOrPostCallback run, object? state) =>
        _ready.Add(new Step(process, run, state));

    /// <summary>Runs for this much time, or until a fault.</summary>
    public void RunFor(TimeSpan time)
    {
        var until = Elapsed + time;
        while (Fault is null && RunNext(until))
        {
        }

        if (Fault is null) Elapsed = until;
    }

    /// <summary>
    /// Takes one step, or lets one thing happen. False when no process can take a step and nothing happens before
    /// <paramref name="until"/>.
    /// </summary>
    public bool RunNext(TimeSpan until)
    {
        if (_ready.Count > 0)
        {
            RunOne();
            return true;
        }

        if (!_happenings.TryPeek(out var next, out var when) || when.At > until.Ticks) return false;
        _happenings.Dequeue();
        if (next.IsCalledOff) return true;
        Elapsed = new TimeSpan(when.At);
        Try(next.Happen);
        return true;
    }

    /// <summary>Sets the calendar forward. No process may be about to take a step.</summary>
    public void Skip(TimeSpan time)
    {
        if (_ready.Count > 0 || time < TimeSpan.Zero) throw new InvalidOperationException("There is something to do.");
        _skipped += time;
        Trace.Add(Elapsed, "calendar", time.Ticks);
    }

    /// <summary>Ends the run for a fault.</summary>
    public void Fail(Exception fault) => Fault ??= fault;

    /// <summary>Does something, which ends the run if it fails.</summary>
    public void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    private void RunOne()
    {
        var place = _order.Below(_ready.Count);
        var step = _ready[place];
        _ready[place] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (step.Process.Holds(step)) return;
        Steps++;
        Trace.Step(Elapsed, step.Process.Number);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(step.Process);
        try
        {
            step.Run(step.State);
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>What a process does next.</summary>
    internal readonly record struct Step(Process Process, SendOrPostCallback Run, object? State);
}

/// <summary>Something that happens at a time, to which no process belongs.</summary>
internal sealed class Happening(Action happen)
{
    /// <summary>Does it.</summary>
    public Action Happen => happen;

    /// <summary>Whether it will not happen after all.</summary>
    public bool IsCalledOff { get; private set; }

    /// <summary>Has it not happen.</summary>
    public void CallOff() => IsCalledOff = true;
}
