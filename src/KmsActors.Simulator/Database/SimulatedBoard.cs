using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>Where nodes tell each other how much of a limit they are asked for.</summary>
internal sealed class SimulatedBoard(SimulatedFeed feed)
{
    /// <summary>How long after its last beat a node is taken to be alive.</summary>
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(2);

    /// <summary>In the order of nodes, so that sums of the same are the same.</summary>
    private readonly SortedDictionary<int, Demands> _demands = [];

    /// <summary>
    /// Puts up what a node is asked for, in place of what it had put up, and reads what others are.
    /// </summary>
    /// <param name="node">Which.</param>
    /// <param name="own">By the limits' names, per second.</param>
    /// <param name="age">What has been put up longer ago than this does not count.</param>
    /// <param name="now">The database's time.</param>
    public BoardPage Exchange(
        int node, IReadOnlyDictionary<string, double> own, TimeSpan age, DateTimeOffset now)
    {
        Dictionary<string, double> others = [];
        foreach (var (other, demands) in _demands)
        {
            if (other == node || demands.At <= now - age) continue;
            foreach (var (limit, perSecond) in demands.PerSecond)
            {
                others[limit] = others.GetValueOrDefault(limit) + perSecond;
            }
        }

        foreach (var gone in _demands.Where(put => put.Value.At < now - TimeSpan.FromMinutes(1)).ToList())
        {
            _demands.Remove(gone.Key);
        }

        _demands[node] = new Demands(now, new Dictionary<string, double>(own));
        return new BoardPage(others, Math.Max(1, feed.CountSince(now - s_alive)));
    }

    private sealed record Demands(DateTimeOffset At, Dictionary<string, double> PerSecond);
}
