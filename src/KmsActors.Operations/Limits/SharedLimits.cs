using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>
/// Has nodes share limits: of a limit that more is asked for than there is, each node gives the part that it is
/// asked for. Who is asked for much of a limit puts up how much; whoever sees it there and is asked, too, does the
/// same. So what is on the board are the few limits that are at stake, and nobody waits for anybody in a call.
/// </summary>
public sealed class SharedLimits(RateLimits limits, IDemandBoard board, TimeProvider time)
{
    /// <summary>How often nodes measure, and look at the board.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // What a node that is gone has put up counts no longer than that.
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    // Of all that a node is asked for, no more than this many can be at stake.
    private const int MostOnBoard = 10_000;

    // So that who is asked for nothing yet can be asked at all.
    private const float LeastShare = 0.01f;

    // With nothing at stake, a look at the board each so many intervals is enough.
    private const int QuietIntervals = 4;

    // Each look reads what all others have put up. So many nodes look each interval; where there are more, each looks
    // the more seldom: else the board's work would grow with their square.
    private const int NodesPerInterval = 10;

    private readonly Dictionary<string, Watched> _watched = [];
    private BoardPage _page = new(new Dictionary<string, double>(), 1);
    private int _intervals;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var last = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, cancellation);
            var now = time.GetTimestamp();
            await LookAsync(time.GetElapsedTime(last, now), cancellation);
            last = now;
        }
    }

    /// <summary>Measures what was asked for within <paramref name="elapsed"/>, and agrees with the others.</summary>
    internal async Task LookAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        Measure(elapsed.TotalSeconds);
        var own = _watched.ToDictionary(each => each.Key, each => each.Value.Demand);
        var isQuiet = own.Count == 0 && _page.Others.Count == 0;
        var ofMany = Math.Max(1, _page.Nodes / NodesPerInterval);
        if (++_intervals % Math.Max(ofMany, isQuiet ? QuietIntervals : 1) != 0) return;
        try
        {
            _page = await board.ExchangeAsync(own, Age * ofMany, cancellation);
        }
        catch (StoreUnavailableException)
        {
            // As it was agreed last; without the store nothing is served for long.
            return;
        }

        foreach (var (name, watched) in _watched) watched.Bucket.Share = ShareOf(name, watched);
    }

    private void Measure(double seconds)
    {
        foreach (var asked in limits.TakeAsked())
        {
            var name = asked.Name;
            if (!_watched.TryGetValue(name, out var watched))
            {
                var perSecond = asked.Bucket.Asked / seconds;
                if (!IsAtStake(name, perSecond, asked.PerSecond) || _watched.Count >= MostOnBoard)
                {
                    asked.Bucket.TakeAsked();
                    continue;
                }

                _watched.Add(name, watched = new Watched(asked.Bucket));
            }

            watched.PerSecond = asked.PerSecond;
        }

        foreach (var (name, watched) in _watched)
        {
            var perSecond = watched.Bucket.TakeAsked() / seconds;
            watched.Demand = watched.Demand is 0 ? perSecond : (watched.Demand + perSecond) / 2;
            if (IsAtStake(name, watched.Demand, watched.PerSecond)) continue;
            watched.Bucket.Share = 1;
            _watched.Remove(name);
        }
    }

    /// <summary>
    /// If all nodes are asked for less than half their part, all together are for less than the limit. But what one
    /// asks for may still be much for another; only what is next to nothing is not.
    /// </summary>
    private bool IsAtStake(string name, double demand, int perSecond)
    {
        var part = (double)perSecond / _page.Nodes;
        return demand >= part / 2 || (demand >= part / 100 && _page.Others.ContainsKey(name));
    }

    private float ShareOf(string name, Watched watched)
    {
        if (!_page.Others.TryGetValue(name, out var others)) return 1;
        var all = watched.Demand + others;
        // What nobody asks for is everybody's, for whom more come.
        var share = all > watched.PerSecond ? watched.Demand / all : 1 - (others / watched.PerSecond);
        return Math.Clamp((float)share, LeastShare, 1);
    }

    private sealed class Watched(TokenBucket bucket)
    {
        public TokenBucket Bucket => bucket;

        public int PerSecond { get; set; }

        public double Demand { get; set; }
    }
}
