using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>What is counted for each day.</summary>
internal enum FleetEvent
{
    /// <summary>A key was made; counted by <see cref="FleetStatistics.Moved"/>.</summary>
    Created,

    /// <summary>A deletion was scheduled.</summary>
    Scheduled,

    /// <summary>A scheduled deletion was cancelled.</summary>
    Cancelled,

    /// <summary>One of those, in the last hour before the date.</summary>
    CancelledInLastHour,

    /// <summary>A key was deleted.</summary>
    Deleted,

    /// <summary>One of those, before its date: this must not be.</summary>
    DeletedEarly,

    /// <summary>A version was made by rotation.</summary>
    Rotated,

    /// <summary>Material was imported, for the first time or again.</summary>
    Imported,

    /// <summary>Material expired.</summary>
    Expired,

    /// <summary>An alias came to point to another key.</summary>
    AliasMoved,

    /// <summary>A call did what was asked.</summary>
    Answered,

    /// <summary>A call was refused: the key's state, a right, a quota.</summary>
    Refused,

    /// <summary>A call was refused for being one too many.</summary>
    Throttled,

    /// <summary>A call had no answer, or was told that the service is away.</summary>
    Unanswered,

    /// <summary>A node crashed.</summary>
    Crashed,

    /// <summary>A node was paused.</summary>
    Paused,

    /// <summary>The database went away.</summary>
    DatabaseLost,
}

/// <summary>
/// What happened to a fleet, by the day. Recording is O(1) and the memory depends on the days alone. An instance is
/// written by one thread; those of several are put together by <see cref="Add"/>.
/// </summary>
/// <remarks>
/// Every change of a key's state is told by <see cref="Moved"/>, whatever brought it; the other methods tell what
/// happened, besides. Instants before the first day count as the first, those after the last as the last: clocks
/// differ.
/// </remarks>
internal sealed class FleetStatistics
{
    private static readonly TimeSpan s_lastHour = TimeSpan.FromHours(1);
    private static readonly int s_states = Enum.GetValues<KeyState>().Length;
    private static readonly int s_events = Enum.GetValues<FleetEvent>().Length;

    private readonly DateTimeOffset _begins;
    private readonly long[][] _counts;
    private readonly long[][] _changes;

    /// <param name="start">The first day.</param>
    /// <param name="days">How many days there are.</param>
    public FleetStatistics(DateOnly start, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        Start = start;
        Days = days;
        _begins = new(start, TimeOnly.MinValue, TimeSpan.Zero);
        _counts = NewRows(s_events, days);
        _changes = NewRows(s_states, days);
    }

    /// <summary>The first day.</summary>
    public DateOnly Start { get; }

    /// <summary>How many days there are.</summary>
    public int Days { get; }

    /// <summary>Steps that the simulator made.</summary>
    public long Steps { get; set; }

    /// <summary>How long after their date keys were deleted.</summary>
    public LatenessHistogram DeletionLateness { get; } = new();

    /// <summary>How long after its time material was seen to be expired.</summary>
    public LatenessHistogram ExpiryLateness { get; } = new();

    /// <summary>How long after its time a key was rotated.</summary>
    public LatenessHistogram RotationLateness { get; } = new();

    /// <summary>
    /// A key's state changed; from none if it was made, to none if it is gone. The same state twice is no change.
    /// </summary>
    public void Moved(DateTimeOffset at, KeyState? from, KeyState? to)
    {
        var day = DayOf(at);
        if (from is { } before) _changes[(int)before][day]--;
        else if (to is not null) _counts[(int)FleetEvent.Created][day]++;
        if (to is { } after) _changes[(int)after][day]++;
    }

    /// <summary>A deletion was scheduled.</summary>
    public void Scheduled(DateTimeOffset at) => Happened(FleetEvent.Scheduled, at);

    /// <summary>A deletion that was due at an instant was cancelled.</summary>
    public void Cancelled(DateTimeOffset due, DateTimeOffset at)
    {
        Happened(FleetEvent.Cancelled, at);
        if (due - at <= s_lastHour) Happened(FleetEvent.CancelledInLastHour, at);
    }

    /// <summary>A key that was due at an instant was deleted.</summary>
    public void Deleted(DateTimeOffset due, DateTimeOffset at)
    {
        Happened(FleetEvent.Deleted, at);
        if (at < due) Happened(FleetEvent.DeletedEarly, at);
        DeletionLateness.Record(at - due);
    }

    /// <summary>Material that lasted until an instant expired.</summary>
    public void Expired(DateTimeOffset due, DateTimeOffset at)
    {
        Happened(FleetEvent.Expired, at);
        ExpiryLateness.Record(at - due);
    }

    /// <summary>A key was rotated, whose time was <paramref name="due"/>.</summary>
    public void Rotated(DateTimeOffset due, DateTimeOffset at)
    {
        Happened(FleetEvent.Rotated, at);
        RotationLateness.Record(at - due);
    }

    /// <summary>Something else happened, or several at once: calls, faults, imports, moved aliases.</summary>
    public void Happened(FleetEvent what, DateTimeOffset at, long count = 1) =>
        _counts[(int)what][DayOf(at)] += count;

    /// <summary>How often something happened, each day.</summary>
    public IReadOnlyList<long> Daily(FleetEvent what) => _counts[(int)what];

    /// <summary>How often something happened in all.</summary>
    public long Total(FleetEvent what) => _counts[(int)what].Sum();

    /// <summary>How many keys are in a state at the end of each day.</summary>
    public IReadOnlyList<long> KeysByDay(KeyState state)
    {
        var keys = new long[Days];
        long now = 0;
        for (var day = 0; day < Days; day++) keys[day] = now += _changes[(int)state][day];
        return keys;
    }

    /// <summary>How many keys are in a state at the end of the last day.</summary>
    public long KeysAtEnd(KeyState state) => _changes[(int)state].Sum();

    /// <summary>Adds what another has counted of the same days.</summary>
    public void Add(FleetStatistics other)
    {
        if (other.Start != Start || other.Days != Days)
            throw new ArgumentException("They are of other days.", nameof(other));
        AddRows(_counts, other._counts);
        AddRows(_changes, other._changes);
        Steps += other.Steps;
        DeletionLateness.Add(other.DeletionLateness);
        ExpiryLateness.Add(other.ExpiryLateness);
        RotationLateness.Add(other.RotationLateness);
    }

    private int DayOf(DateTimeOffset at) =>
        (int)Math.Clamp((at - _begins).Ticks / TimeSpan.TicksPerDay, 0, Days - 1);

    private static long[][] NewRows(int rows, int days) =>
        [.. Enumerable.Range(0, rows).Select(_ => new long[days])];

    private static void AddRows(long[][] to, long[][] from)
    {
        for (var row = 0; row < to.Length; row++)
        {
            for (var day = 0; day < to[row].Length; day++) to[row][day] += from[row][day];
        }
    }
}
