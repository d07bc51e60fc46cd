using System.Runtime.InteropServices;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>Which transactions are under way and what those that are over have changed, by their numbers.</summary>
internal sealed class TransactionLog
{
    private readonly List<Entry> _entries = [];

    /// <summary>The number of the first entry: changes before it are not known any more.</summary>
    public long PrunedTo { get; private set; } = 1;

    /// <summary>All transactions before this one are over; it is not.</summary>
    public long Horizon { get; private set; } = 1;

    /// <summary>The number of the next transaction.</summary>
    public long Next => PrunedTo + _entries.Count;

    /// <summary>The number past the greatest of those that have committed.</summary>
    public long PastCommitted { get; private set; } = 1;

    /// <summary>Begins a transaction; its number.</summary>
    public long Begin()
    {
        var number = Next;
        _entries.Add(default);
        return number;
    }

    /// <summary>Ends a transaction.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="changed">The grains it has changed; null when it did not commit.</param>
    /// <param name="etag">The ETag they have.</param>
    public void End(long number, GrainId[]? changed, long etag)
    {
        Invariant.That(number >= Horizon && number < Next, "a transaction under way has been begun and not ended");
        ref var entry = ref Entries[(int)(number - PrunedTo)];
        Invariant.That(!entry.IsOver, "a transaction ends once");
        entry = new Entry(changed, etag, IsOver: true);
        if (changed is not null) PastCommitted = Math.Max(PastCommitted, number + 1);
        while (Horizon < Next && Entries[(int)(Horizon - PrunedTo)].IsOver) Horizon++;
    }

    /// <summary>What transactions from this number on have changed, each grain once with its greatest ETag.</summary>
    public IReadOnlyCollection<ChangedGrain> ChangedFrom(long number)
    {
        var from = Math.Max(number, PrunedTo) - PrunedTo;
        if (from >= _entries.Count) return [];
        List<ChangedGrain> changed = [];
        Dictionary<GrainId, int> places = [];
        foreach (var entry in Entries[(int)from..])
        {
            foreach (var id in entry.Changed ?? [])
            {
                if (places.TryAdd(id, changed.Count)) changed.Add(new ChangedGrain(id, entry.ETag));
                else if (changed[places[id]].ETag < entry.ETag) changed[places[id]] = new(id, entry.ETag);
            }
        }

        return changed;
    }

    /// <summary>Forgets what was changed before this number, which is not past the horizon.</summary>
    public void Prune(long to)
    {
        Invariant.That(to <= Horizon, "what is under way is not pruned");
        if (to <= PrunedTo) return;
        _entries.RemoveRange(0, (int)(to - PrunedTo));
        PrunedTo = to;
    }

    private Span<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(GrainId[]? Changed, long ETag, bool IsOver);
}
