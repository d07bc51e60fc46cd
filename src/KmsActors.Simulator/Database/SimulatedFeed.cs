using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>
/// How nodes learn of each other and of each other's commits. A node's poll is two transactions, between which others
/// may come: <see cref="Beat"/>, and then <see cref="Read"/>.
/// </summary>
internal sealed class SimulatedFeed(TransactionLog log, DatabaseRules rules)
{
    /// <summary>For how long changes are kept, at least.</summary>
    public static readonly TimeSpan ChangesKept = TimeSpan.FromMinutes(5);

    /// <summary>For how long changes are kept for a node that does not beat.</summary>
    public static readonly TimeSpan NodesKept = TimeSpan.FromDays(1);

    private readonly Dictionary<int, Node> _nodes = [];

    /// <summary>When changes before the mark were over: when that is long enough ago, they are pruned.</summary>
    private DateTimeOffset _markedAt = DateTimeOffset.MinValue;

    private long _mark;

    /// <summary>The node is alive, and heeds all that was committed before its position.</summary>
    /// <param name="node">Which; a process that is started again is another.</param>
    /// <param name="applied">The position of its last page; null for its first poll.</param>
    /// <param name="now">The database's time.</param>
    public void Beat(int node, FeedPosition? applied, DateTimeOffset now) => _nodes[node] = new Node(
        now, applied?.ReadAt ?? DateTimeOffset.MinValue, applied?.Horizon ?? log.Horizon);

    /// <summary>The changes from a position on, or none when it is null, and whether they are all.</summary>
    /// <param name="applied">The position of the node's last page; null for its first poll.</param>
    /// <param name="readAt">The time of the beat before.</param>
    public FeedPage Read(FeedPosition? applied, DateTimeOffset readAt)
    {
        var position = new FeedPosition(rules.ReadsByHorizon ? log.Horizon : log.PastCommitted, readAt);
        return applied is null
            ? new FeedPage(position, [], IsWhole: true)
            : new FeedPage(
                position,
                log.ChangedFrom(applied.Horizon),
                log.PrunedTo <= applied.Horizon && applied.Horizon <= log.Next);
    }

    /// <summary>How far the other nodes have come, at a time or (null) now.</summary>
    /// <param name="node">Who asks.</param>
    /// <param name="since">A time, or null for now.</param>
    /// <param name="lease">How long after its last beat a node may still serve.</param>
    /// <param name="now">The database's time.</param>
    public Spread Spread(int node, DateTimeOffset? since, TimeSpan lease, DateTimeOffset now)
    {
        var at = since ?? now;
        var behind = 0;
        foreach (var (other, row) in _nodes)
        {
            if (other != node && row.BeatAt >= now - lease && row.AppliedAt <= at) behind++;
        }

        return new Spread(at, behind);
    }

    /// <summary>The node serves no more, until it beats again.</summary>
    public void Leave(int node) => _nodes.Remove(node);

    /// <summary>How many nodes have beaten since a time.</summary>
    public int CountSince(DateTimeOffset time) => _nodes.Values.Count(row => row.BeatAt > time);

    /// <summary>
    /// All changes that can be are pruned at once, as after a long pause of the nodes that have not read them: no
    /// position given before is whole, except for what transactions under way keep.
    /// </summary>
    public void ForgetChanges()
    {
        // Pruning is a transaction, too: so a position is before it, also when nothing was committed since.
        log.End(log.Begin(), null, 0);
        log.Prune(log.Horizon);
    }

    /// <summary>
    /// Now and then, prunes changes that have been there for long and that all nodes have heeded, and forgets nodes
    /// that have been silent for very long. Cheap.
    /// </summary>
    public void Prune(DateTimeOffset now)
    {
        if (now - _markedAt < ChangesKept) return;
        var to = _mark;
        foreach (var (node, row) in _nodes)
        {
            if (now - row.BeatAt > NodesKept) _nodes.Remove(node);
            else to = Math.Min(to, row.ReadsFrom);
        }

        // Half at least, so that moving the rest costs little for each.
        if (to - log.PrunedTo >= log.Next - to) log.Prune(to);
        (_mark, _markedAt) = (log.Horizon, now);
    }

    /// <param name="BeatAt">When it last told that it is alive.</param>
    /// <param name="AppliedAt">It heeds all that was committed before.</param>
    /// <param name="ReadsFrom">It asks for no change before this number any more.</param>
    private sealed record Node(DateTimeOffset BeatAt, DateTimeOffset AppliedAt, long ReadsFrom);
}
