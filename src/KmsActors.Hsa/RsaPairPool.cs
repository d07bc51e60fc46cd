using System.Security.Cryptography;
using System.Threading.Channels;

namespace KmsActors.Hsa;

/// <summary>
/// RSA pairs, of which one takes some 0.2 s to make at 2048 bits and 0.8 s at 3072. A pool may make some ahead,
/// by a thread that gives way to all others; under full load it gets nowhere, so for those who find no pair
/// and wait there is a thread that does not give way. It ends when nobody waits any more. None is made before the
/// first is asked for: most services never need one.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class RsaPairPool : IDisposable
{
    private readonly int _bits;
    private readonly Channel<RSA> _pairs;
    private int _waiting;
    private bool _hurrying;
    private bool _isAhead;

    /// <summary>A pool of pairs of so many bits that keeps so many at most, at least 1.</summary>
    public RsaPairPool(int bits, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _bits = bits;
        _pairs = Channel.CreateBounded<RSA>(capacity);
    }

    /// <summary>Whether a thread works for those who wait.</summary>
    internal bool IsHurrying => Volatile.Read(ref _hurrying);

    /// <summary>Whether it makes pairs until there are as many as it keeps, once one has been asked for.</summary>
    public bool MakesAhead { get; init; }

    /// <summary>Whether a thread has begun with that.</summary>
    internal bool IsAhead => Volatile.Read(ref _isAhead);

    /// <summary>Pairs that are ready.</summary>
    internal int Count => _pairs.Reader.Count;

    /// <summary>Takes a pair out, waiting for one if need be; the caller disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="CryptographicException">Pairs can't be made any more.</exception>
    public async ValueTask<RSA> TakeAsync(CancellationToken cancellation)
    {
        if (MakesAhead && !Interlocked.Exchange(ref _isAhead, true))
            StartThread(KeepMaking, $"RSA-{_bits} ahead");
        try
        {
            ValueTask<RSA> pair = _pairs.Reader.ReadAsync(cancellation);
            return pair.IsCompleted ? await pair : await WaitAsync(pair);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException is null
                ? new ObjectDisposedException("The pool of RSA pairs was disposed.", closed)
                : new CryptographicException("No RSA pairs can be made.", closed);
        }
    }

    /// <summary>
    /// Discards the pairs. Waits for nobody: a thread ends after the pair it is making, if it is.
    /// </summary>
    public void Dispose()
    {
        _pairs.Writer.TryComplete();
        while (_pairs.Reader.TryRead(out RSA? pair))
            pair.Dispose();
    }

    private static void StartThread(ThreadStart start, string name) =>
        new Thread(start) { IsBackground = true, Name = name }.Start();

    private async ValueTask<RSA> WaitAsync(ValueTask<RSA> pair)
    {
        Interlocked.Increment(ref _waiting);
        Hurry();
        try
        {
            return await pair;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Hurry()
    {
        if (!Interlocked.Exchange(ref _hurrying, true))
            StartThread(MakeForThoseWaiting, $"RSA-{_bits} now");
    }

    private void MakeForThoseWaiting()
    {
        while (Volatile.Read(ref _waiting) > 0)
            MakeOne();
        Interlocked.Exchange(ref _hurrying, false);

        // Somebody may have come between the last look and that.
        if (Volatile.Read(ref _waiting) > 0)
            Hurry();
    }

    private void KeepMaking()
    {
        Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        NativeMethods.LowerThreadPriority();
        try
        {
            while (_pairs.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
                MakeOne();
        }
        catch (CryptographicException)
        {
            // What ended the channel below; those who wait for a pair get it.
        }
    }

    private void MakeOne()
    {
        try
        {
            RSA pair = RSA.Create(_bits);
            // The pair is made when it is first asked for something.
            pair.ExportSubjectPublicKeyInfo();
            if (!_pairs.Writer.TryWrite(pair))
                pair.Dispose();
        }
        catch (CryptographicException fault)
        {
            // Unhandled, it would end the process.
            _pairs.Writer.TryComplete(fault);
        }
    }
}
