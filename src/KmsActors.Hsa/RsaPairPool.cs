using System.Security.Cryptography;
using System.Threading.Channels;

namespace KmsActors.Hsa;

/// <summary>
/// RSA-2048 pairs (seed 001, 4.2: the only kind) made ahead by one thread, since one takes 200 to 300 ms.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class ImportKeyPairPool : IDisposable
{
    private const int KeyBits = 2048;
    private readonly Channel<RSA> _pairs;

    /// <summary>Starts making up to <paramref name="capacity"/> pairs.</summary>
    public ImportKeyPairPool(int capacity)
    {
        _pairs = Channel.CreateBounded<RSA>(capacity);
        new Thread(MakePairs)
        {
            IsBackground = true,
            Name = "import key pairs",
            Priority = ThreadPriority.Lowest,
        }.Start();
    }

    /// <summary>Takes a pair out, waiting for one if need be; the caller disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="CryptographicException">Pairs can't be made any more.</exception>
    public async ValueTask<RSA> TakeAsync(CancellationToken cancellation)
    {
        try
        {
            return await _pairs.Reader.ReadAsync(cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException is null
                ? new ObjectDisposedException("The pool of import key pairs was disposed.", closed)
                : new CryptographicException("No import key pairs can be made.", closed);
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
                RSA pair = RSA.Create(KeyBits);
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
