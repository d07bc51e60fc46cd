using System.Diagnostics;

namespace KmsActors.Benchmarks.Load;

/// <summary>
/// Calls that come when they are due, not when the last one is answered: who has to wait is not fewer. While it
/// runs it makes no garbage, for collecting it would be in the figures.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    private readonly Connection[] _connections;

    public SteadyLoad(int port, int connections) =>
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(port))];

    /// <summary>Sends the requests in turn by the timetable, and reads all answers.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="timetable">When.</param>
    /// <param name="begin">The timestamp with which the timetable begins.</param>
    public Task<Answers> StartAsync(RequestBatch requests, Timetable timetable, long begin)
    {
        var answers = new Answers(timetable);
        var readers = Enumerable.Range(0, _connections.Length)
            .Select(i => OnThread(() => Read(answers, i, begin))).ToArray();
        var sender = OnThread(() => Send(requests, timetable, begin));
        return Task.WhenAll([sender, .. readers]).ContinueWith(
            all => all.IsFaulted ? throw new IOException("The load failed.", all.Exception) : answers,
            TaskScheduler.Default);
    }

    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());

    private static Task OnThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Send(RequestBatch requests, Timetable timetable, long begin)
    {
        Alarm.BePunctual();
        var volley = new byte[64 * 1024];
        var next = 0;
        for (var i = 0; i < timetable.Due.Length; i++)
        {
            var length = 0;
            for (var j = 0; j < timetable.CallsEach; j++)
            {
                var request = requests[next++ % requests.Count];
                request.CopyTo(volley.AsSpan(length));
                length += request.Length;
            }

            Alarm.SleepUntil(begin + timetable.Due[i]);
            _connections[i % _connections.Length].Send(volley.AsSpan(0, length));
        }
    }

    private void Read(Answers answers, int first, long begin)
    {
        var timetable = answers.Timetable;
        for (var i = first; i < timetable.Due.Length; i += _connections.Length)
        {
            for (var j = 0; j < timetable.CallsEach; j++)
            {
                var status = _connections[first].Receive();
                answers.Keep((i * timetable.CallsEach) + j, status, Stopwatch.GetTimestamp() - begin);
            }
        }
    }
}

/// <summary>What became of the calls of a timetable.</summary>
internal sealed class Answers(Timetable timetable)
{
    private readonly int[] _statuses = new int[timetable.Calls];
    private readonly long[] _times = new long[timetable.Calls];

    public Timetable Timetable => timetable;

    /// <summary>How long each call took from when it was due, in microseconds.</summary>
    public double[] Latencies() => [.. _times.Select((time, i) =>
        Stopwatch.GetElapsedTime(timetable.Due[i / timetable.CallsEach], time).TotalMicroseconds)];

    /// <summary>How many have the status, of those that came in a stretch of time.</summary>
    public int Count(int status, double fromSecond = 0, double toSecond = double.MaxValue)
    {
        var count = 0;
        for (var i = 0; i < _times.Length; i++)
        {
            var second = (double)_times[i] / Stopwatch.Frequency;
            if (_statuses[i] == status && second >= fromSecond && second < toSecond) count++;
        }

        return count;
    }

    /// <summary>Throws unless all have one of these statuses.</summary>
    public void Insist(params ReadOnlySpan<int> statuses)
    {
        foreach (var status in _statuses)
        {
            if (!statuses.Contains(status)) throw new InvalidOperationException($"An answer has status {status}.");
        }
    }

    internal void Keep(int call, int status, long time)
    {
        _statuses[call] = status;
        _times[call] = time;
    }
}
