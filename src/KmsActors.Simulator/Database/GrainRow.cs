using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>A grain's row, with what the database has beside it. The database alone changes it.</summary>
internal sealed class GrainRow(GrainId id, StoredGrain stored)
{
    /// <summary>The grain.</summary>
    public GrainId Id { get; } = id;

    /// <summary>Its ETag and state as last committed; a new one for each commit.</summary>
    public StoredGrain Stored { get; set; } = stored;

    /// <summary>Whether it exists for its users, and so counts; a tombstone does not.</summary>
    public bool Exists { get; set; }

    /// <summary>The CMK with which it goes, or null.</summary>
    public string? Owner { get; set; }

    /// <summary>Its row in the listings, or null.</summary>
    public Listing? Listing { get; set; }

    /// <summary>Its reminders, in no order; null for none.</summary>
    public List<ReminderRow>? Reminders { get; set; }
}

/// <summary>A reminder that is set. The database alone changes it.</summary>
internal sealed class ReminderRow(GrainRow grain, Reminder reminder, DateTimeOffset dueAt)
{
    /// <summary>Whose.</summary>
    public GrainRow Grain { get; } = grain;

    /// <summary>Which.</summary>
    public Reminder Reminder { get; } = reminder;

    /// <summary>When it is due, UTC.</summary>
    public DateTimeOffset DueAt { get; } = dueAt;

    /// <summary>The node that it was given to, or null.</summary>
    public int? ClaimedBy { get; set; }

    /// <summary>Until when no other is given it.</summary>
    public DateTimeOffset ClaimedUntil { get; set; }
}
