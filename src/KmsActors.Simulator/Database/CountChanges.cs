using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>How one commit changes counts, and the most they may be then.</summary>
internal sealed class CountChanges
{
    private readonly List<(KindTable Table, long Change, long Limit)> _changes = [];

    /// <summary>Begins anew.</summary>
    public void Clear() => _changes.Clear();

    /// <summary>Adds to the change of one count and lowers its limit, if it has a greater one.</summary>
    public void Add(KindTable table, long change, long limit)
    {
        for (var i = 0; i < _changes.Count; i++)
        {
            var (counted, sum, least) = _changes[i];
            if (counted != table) continue;
            _changes[i] = (table, sum + change, Math.Min(least, limit));
            return;
        }

        _changes.Add((table, change, limit));
    }

    /// <summary>Whether all of them stay within their limits.</summary>
    /// <exception cref="InvariantException">A count would be less than none.</exception>
    public bool AreWithinLimits()
    {
        foreach (var (table, change, limit) in _changes)
        {
            var count = table.Count + change;
            Invariant.That(count >= 0, "no more grains cease to exist than do");
            if (count > limit) return false;
        }

        return true;
    }

    /// <summary>Makes them.</summary>
    public void Apply()
    {
        foreach (var (table, change, _) in _changes) table.Count += change;
    }
}
