namespace KmsActors.Grains.Hosting;

/// <summary>
/// A grain's state as of one commit: what the data plane reads instead of taking a turn. Immutable but
/// for one attachment, which is made on first use and disposed when the snapshot is superseded.
/// </summary>
public sealed class Snapshot
{
    private readonly Lock _attaching = new();
    private readonly object? _state;
    private volatile IDisposable? _attachment;
    private bool _retired;

    internal Snapshot(object? state, long etag)
    {
        _state = state;
        ETag = etag;
    }

    /// <summary>The commit it is of; 0 when the grain has no row.</summary>
    internal long ETag { get; }

    /// <summary>Since when it is here, by the clock's timestamp: its commit was before.</summary>
    internal long Since { get; init; }

    /// <summary>The state as the host keeps it.</summary>
    internal object? StateObject => _state;

    /// <summary>The state, or null when the grain does not exist.</summary>
    public TState? State<TState>()
        where TState : class => (TState?)_state;

    /// <summary>
    /// The attachment, made by <paramref name="make"/> on the first call. It must be safe to dispose
    /// while in use: the host does so when the grain changes.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The snapshot was superseded; read again.</exception>
    public TAttachment Attach<TAttachment, TArgument>(Func<TArgument, TAttachment> make, TArgument argument)
        where TAttachment : class, IDisposable
    {
        if (_attachment is TAttachment attached) return attached;
        lock (_attaching)
        {
            ObjectDisposedException.ThrowIf(_retired, this);
            var attachment = (TAttachment?)_attachment ?? make(argument);
            _attachment = attachment;
            return attachment;
        }
    }

    internal void Retire()
    {
        lock (_attaching)
        {
            _retired = true;
            _attachment?.Dispose();
        }
    }
}
