namespace KmsActors.Hsa;

/// <summary>
/// The crypto objects of one private key. Threads must not share one, and making one costs as much as using
/// it: so each serves one call at a time, and waits here for the next. There are never more than there were
/// calls at once.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
/// <param name="privateKey">What they are made from; its owner from now on is this.</param>
/// <param name="make">Makes one.</param>
internal sealed class IdleObjects<T>(KeyMemory privateKey, Func<ReadOnlySpan<byte>, T> make) : IDisposable
    where T : class, IDisposable
{
    private readonly Stack<T> _idle = new();
    private bool _disposed;

    /// <summary>Lends one until the loan is disposed.</summary>
    /// <exception cref="ObjectDisposedException">This was disposed before the call.</exception>
    public Loan Take()
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out T? idle))
                return new Loan(this, idle);
        }

        using KeyMemory.Lease lease = privateKey.Use();
        return new Loan(this, make(lease.Span));
    }

    /// <summary>Waits for nobody: those that are lent are disposed when they come back.</summary>
    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out T? idle))
                idle.Dispose();
        }

        privateKey.Dispose();
    }

    private void TakeBack(T used)
    {
        lock (_idle)
        {
            if (_disposed)
                used.Dispose();
            else
                _idle.Push(used);
        }
    }

    /// <summary>The right to use an object. Dispose it exactly once.</summary>
    public readonly ref struct Loan(IdleObjects<T> owner, T value) : IDisposable
    {
        /// <summary>Nobody else's until this loan is disposed.</summary>
        public T Value => value;

        /// <inheritdoc/>
        public void Dispose() => owner.TakeBack(value);
    }
}
