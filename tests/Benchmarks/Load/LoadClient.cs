using System.Diagnostics;

namespace KmsActors.Benchmarks.Load;

/// <summary>Some clients of one server or of several in turn; each sends its next request when it has the last answer.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Connection[] _connections;

    public LoadClient(int port, int clients) : this([port], clients)
    {
    }

    public LoadClient(IReadOnlyList<int> ports, int clients) =>
        _connections = [.. Enumerable.Range(0, clients).Select(i => new Connection(ports[i % ports.Count]))];

    /// <summary>Sends every request of the batch once.</summary>
    /// <param name="batch">The requests.</param>
    /// <param name="expectedStatus">What all answers must have.</param>
    /// <param name="rareStatus">What a few may have instead.</param>
    /// <returns>How long it took, and how long each request took, in microseconds.</returns>
    public (TimeSpan Elapsed, double[] Latencies) Send(
        RequestBatch batch, int expectedStatus, int rareStatus = 0)
    {
        var latencies = new double[batch.Count];
        var next = -1;
        Exception? failure = null;
        using var start = new Barrier(_connections.Length + 1);
        var threads = Array.ConvertAll(_connections, connection => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                while (true)
                {
                    var i = Interlocked.Increment(ref next);
                    if (i >= batch.Count) return;
                    var sent = Stopwatch.GetTimestamp();
                    var status = connection.Call(batch[i]);
                    latencies[i] = Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
                    if (status != expectedStatus && status != rareStatus)
                        throw new InvalidOperationException($"An answer was: {connection}");
                }
            }
            catch (Exception e)
            {
                // The others stop as well: a figure with errors in it is none.
                Volatile.Write(ref failure, e);
                Volatile.Write(ref next, batch.Count);
            }
        }, maxStackSize: 256 * 1024));
        foreach (var thread in threads) thread.Start();
        start.SignalAndWait();
        var began = Stopwatch.GetTimestamp();
        foreach (var thread in threads) thread.Join();
        var elapsed = Stopwatch.GetElapsedTime(began);
        return failure is null ? (elapsed, latencies) : throw new IOException("The load failed.", failure);
    }

    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());
}
