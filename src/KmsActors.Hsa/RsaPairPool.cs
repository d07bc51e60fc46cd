using System.Security.Cryptography;
using System.Threading.Channels;

namespace KmsActors.Hsa;

/// <summary>
/// RSA pairs made ahead by one thread, since one takes 200 to 300 ms at 2048 bits and three times that at
/// 3072. The thread starts when it is told to, or at the first demand.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class RsaPairPool : IDisposable
{
    private readonly int _bits;
    private readonly Channel<RSA> _pairs;
    private bool _started;

    /// <summary>A pool of pairs of so many bits that keeps so many ready, at least 1.</summary>
    public RsaPairPool(int bits, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _bits = bits;
        _pairs = Channel.CreateBounded<RSA>(capacity);
    }

    /// <summary>Whether the thread was started.</summary>
    internal bool IsStarted => Volatile.Read(ref _started);

    /// <summary>Starts making pairs, until there are as many as the pool holds.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, true))
            return;
        new Thread(MakePairs)
        {
            IsBackground = true,
            Name = $"RSA-{_bits} pairs",
            Priority = ThreadPriority.Lowest,
        }.Start();
    }

    /// <summary>Takes a pair out, waiting for one if need be; the caller disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="CryptographicException">Pairs can't be made any more.</exception>
    public async ValueTask<RSA> TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Start();
        try
        {
            return await _pairs.Reader.ReadAsync(cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException is null
                ? new ObjectDisposedException("The pool of RSA pairs was disposed.", closed)
                : new CryptographicException("No RSA pairs can be made.", closed);
        }
    }

    /// <summary>
    /// Discards the pairs. Waits for nobody: the thread ends after the pair it is making, if it is.
    /// </summary>
    public void Dispose()
    {
        _pairs.Writer.TryComplete();
        while (_pairs.Reader.TryRead(out RSA? pair))
            pair.Dispose();
    }

    private void MakePairs()
    {
        NativeMethods.LowerThreadPriority();
        try
        {
            while (_pairs.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                RSA pair = RSA.Create(_bits);
                // The pair is made when it is first asked for something.
                pair.ExportSubjectPublicKeyInfo();
                if (!_pairs.Writer.TryWrite(pair))
                    pair.Dispose();
            }
        }
        catch (CryptographicException fault)
        {
            // Unhandled, it would end the process; so those who wait for a pair get it.
            _pairs.Writer.TryComplete(fault);
        }
    }
}
