using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>The reminders that are set, and how they are shared out to nodes.</summary>
internal sealed class SimulatedReminders
{
    /// <summary>For how long a node that was given a due reminder is the only one that is.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(30);

    private readonly SortedSet<ReminderRow> _byDueAt = new(Orders.ByDueAt);

    /// <summary>No reminder that is due later has been claimed.</summary>
    private DateTimeOffset _claimedTo = DateTimeOffset.MinValue;

    /// <summary>When the earliest of all is due, claimed or not; null when there is none. Cheap.</summary>
    public DateTimeOffset? Next => _byDueAt.Min?.DueAt;

    /// <summary>All of them, the earliest first.</summary>
    public IReadOnlyCollection<ReminderRow> All => _byDueAt;

    /// <summary>
    /// Up to so many of those due that no other node has claimed, the earliest first, which claims them.
    /// </summary>
    /// <param name="node">Who asks.</param>
    /// <param name="due">The time by that node's clock.</param>
    /// <param name="most">The most to return, 0 or more.</param>
    /// <param name="now">The time by the database's clock, of which claims are.</param>
    public IReadOnlyList<DueReminder> TakeDue(int node, DateTimeOffset due, int most, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (Next is not { } next || next > due) return [];
        List<DueReminder> taken = [];
        foreach (var row in _byDueAt)
        {
            if (row.DueAt > due || taken.Count == most) break;
            if (row.ClaimedBy is { } other && other != node && row.ClaimedUntil > now) continue;
            row.ClaimedBy = node;
            row.ClaimedUntil = now + ClaimTime;
            if (row.DueAt > _claimedTo) _claimedTo = row.DueAt;
            taken.Add(new DueReminder(row.Grain.Id, row.Reminder, row.DueAt));
        }

        return taken;
    }

    /// <summary>Others are given what this node was given and has not carried out.</summary>
    public void Unclaim(int node)
    {
        foreach (var row in _byDueAt)
        {
            if (row.DueAt > _claimedTo) break;
            if (row.ClaimedBy == node) row.ClaimedBy = null;
        }
    }

    /// <summary>Sets a grain's reminder, which is nobody's then, or (null) clears it.</summary>
    public void Set(GrainRow grain, Reminder reminder, DateTimeOffset? dueAt)
    {
        for (var i = 0; i < grain.Reminders?.Count; i++)
        {
            if (grain.Reminders[i].Reminder != reminder) continue;
            _byDueAt.Remove(grain.Reminders[i]);
            grain.Reminders.RemoveAt(i);
            break;
        }

        if (dueAt is not { } due) return;
        var set = new ReminderRow(grain, reminder, due.ToUniversalTime());
        (grain.Reminders ??= new(1)).Add(set);
        _byDueAt.Add(set);
    }

    /// <summary>Clears all of a grain's.</summary>
    public void Clear(GrainRow grain)
    {
        if (grain.Reminders is not { } rows) return;
        foreach (var row in rows) _byDueAt.Remove(row);
        grain.Reminders = null;
    }
}
