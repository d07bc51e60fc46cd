namespace KmsActors.Grains.Hosting;

/// <summary>
/// A grain in memory: the turn, of which there is one at a time, and the snapshot that readers take
/// without it. The epoch makes sure that what was read or committed before an invalidation is never
/// published after it.
/// </summary>
internal sealed class Activation(GrainId id) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _publishing = new();
    private volatile Snapshot? _snapshot;
    private int _epoch;

    public GrainId Id { get; } = id;

    /// <summary>The current snapshot, or null when it has to be loaded.</summary>
    public Snapshot? Snapshot => _snapshot;

    /// <summary>Set on use, cleared by the sweep: the second chance.</summary>
    public bool Touched { get; set; } = true;

    /// <summary>No longer in the host's map; whoever holds it must ask the host again. Guarded by the turn.</summary>
    public bool Evicted { get; set; }

    public int Epoch
    {
        get
        {
            lock (_publishing) return _epoch;
        }
    }

    public Task TakeTurnAsync(CancellationToken cancellation) => _turn.WaitAsync(cancellation);

    public bool TryTakeTurn() => _turn.Wait(0);

    public void EndTurn() => _turn.Release();

    /// <summary>Publishes unless an invalidation came since <paramref name="epoch"/> was read.</summary>
    public bool TryPublish(Snapshot snapshot, int epoch)
    {
        Snapshot? superseded;
        var current = false;
        lock (_publishing)
        {
            superseded = _snapshot;
            current = _epoch == epoch;
            _snapshot = current ? snapshot : null;
        }

        superseded?.Retire();
        return current;
    }

    /// <summary>Forgets the state: it changed elsewhere, or nobody knows.</summary>
    public void Invalidate()
    {
        Snapshot? superseded;
        lock (_publishing)
        {
            _epoch = unchecked(_epoch + 1);
            superseded = _snapshot;
            _snapshot = null;
        }

        superseded?.Retire();
    }

    /// <summary>
    /// Forgets the state unless it is that of the commit <paramref name="etag"/> or a later one; and whatever is
    /// being loaded, which may be older.
    /// </summary>
    public void InvalidateOlderThan(long etag)
    {
        Snapshot? superseded;
        lock (_publishing)
        {
            if (_snapshot?.ETag >= etag) return;
            _epoch = unchecked(_epoch + 1);
            superseded = _snapshot;
            _snapshot = null;
        }

        superseded?.Retire();
    }

    public void Dispose() => _turn.Dispose();
}
