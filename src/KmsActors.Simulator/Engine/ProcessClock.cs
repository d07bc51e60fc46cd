namespace KmsActors.Simulator;

/// <summary>
/// A process's clock. What it measures goes a little faster or slower than the true time, and what it shows is off
/// by a little that can change.
/// </summary>
/// <param name="world">Where the true time is.</param>
/// <param name="process">Whose clock it is: its timers are steps of it.</param>
/// <param name="rate">How much of its own time passes in one of true time: about 1.</param>
internal sealed class ProcessClock(World world, Process process, double rate) : TimeProvider
{
    private readonly TimeSpan _begun = world.Elapsed;

    /// <summary>By how much it is off.</summary>
    public TimeSpan Offset { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => world.Now + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)((world.Elapsed - _begun).Ticks * rate);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A timer of this clock.</summary>
    private sealed class Timer(ProcessClock clock, TimerCallback callback, object? state) : ITimer
    {
        private Happening? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.CallOff();
            _due = null;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan) _due = clock.World.After(dueTime / clock.Rate, Fire);
            return true;
        }

        public void Dispose()
        {
            _due?.CallOff();
            _due = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            var due = _due;
            clock.Process.Post(_ => Run(due), null);
        }

        private void Run(Happening? due)
        {
            if (!ReferenceEquals(due, _due) || due is null) return;
            _due = _period > TimeSpan.Zero ? clock.World.After(_period / clock.Rate, Fire) : null;
            callback(state);
        }
    }

    private World World => world;

    private Process Process => process;

    private double Rate => rate;
}
