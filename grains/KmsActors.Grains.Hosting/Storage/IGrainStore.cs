namespace KmsActors.Grains.Hosting;

/// <summary>
/// Durable state of grains, with compare-and-swap, all or nothing. An implementation holds the same
/// meaning for any number of nodes over one database; <c>GrainStoreTests</c> says it in tests.
/// </summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
public interface IGrainStore
{
    /// <summary>The state as last committed, or null when there is no row.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<StoredGrain?> LoadAsync(GrainId id, CancellationToken cancellation);

    /// <summary>
    /// Commits everything in <paramref name="commit"/> in one transaction, or nothing. When the task
    /// completes with <see cref="CommitStatus.Committed"/>, the change is durable.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot answer now; whether the commit took place is unknown.
    /// </exception>
    ValueTask<CommitResult> CommitAsync(GrainCommit commit, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="most"/> reminders due at or before <paramref name="now"/>, earliest first.
    /// A reminder stays due until a commit of its grain sets or clears it. Of several nodes over one database each is
    /// given others where there are any: those that a node was given are its own for half a minute, and it is given
    /// them again when it asks again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer now.</exception>
    ValueTask<IReadOnlyList<DueReminder>> DueRemindersAsync(
        DateTimeOffset now, int most, CancellationToken cancellation);
}

/// <summary>A grain's row.</summary>
/// <param name="ETag">Greater than that of every commit before it in this store; never 0.</param>
/// <param name="State">The state as JSON in UTF-8.</param>
public sealed record StoredGrain(long ETag, byte[] State);

/// <summary>One transaction.</summary>
/// <param name="Writes">What it writes or, where a write has no changes, insists on; one grain at most once.</param>
/// <param name="Audit">The audit records of the change; one at least.</param>
public sealed record GrainCommit(IReadOnlyList<GrainWrite> Writes, params IReadOnlyList<AuditRecord> Audit);

/// <summary>What a commit does to one grain.</summary>
/// <param name="Id">The grain.</param>
/// <param name="ExpectedETag">
/// The ETag the row must have, or 0 when there must be no row; otherwise the commit is a
/// <see cref="CommitStatus.Conflict"/>.
/// </param>
public sealed record GrainWrite(GrainId Id, long ExpectedETag)
{
    /// <summary>What changes, or null: then the ETag is checked and the row left as it is.</summary>
    public GrainChange? Change { get; init; }
}

/// <summary>A grain's new row and what goes with it.</summary>
public sealed record GrainChange
{
    /// <summary>The new state as JSON in UTF-8, or null to delete the row.</summary>
    public required byte[]? State { get; init; }

    /// <summary>Whether the grain existed for its users before; a tombstone does not.</summary>
    public required bool ExistedBefore { get; init; }

    /// <summary>
    /// Whether it does now. The account's count of grains of this kind follows. When it ceases to, all
    /// grains of the account whose <see cref="OwnerKeyId"/> is this grain's name go with it, rows,
    /// listing rows, reminders and counts.
    /// </summary>
    public required bool ExistsNow { get; init; }

    /// <summary>
    /// When the grain comes to exist: the most grains of its kind the account may have, this one
    /// included; past it the commit is <see cref="CommitStatus.LimitExceeded"/>.
    /// </summary>
    public required long CountLimit { get; init; }

    /// <summary>
    /// The row for listings; null for none. A CMK or an alias has one exactly while it exists, so the count
    /// of the kind is the total of the listing.
    /// </summary>
    public required Listing? Listing { get; init; }

    /// <summary>The CMK with which this grain is deleted, or null.</summary>
    public required string? OwnerKeyId { get; init; }

    /// <summary>Reminders to set, or (null) to clear; others stay as they are.</summary>
    public required IReadOnlyDictionary<Reminder, DateTimeOffset?> Reminders { get; init; }

    /// <summary>
    /// The oldest version of the root key that the state needs, or null. When that is no more, the commit is a
    /// <see cref="CommitStatus.Conflict"/>.
    /// </summary>
    public long? RootKeyVersion { get; init; }
}

/// <summary>What the audit log keeps of a commit, or of one of several changes that share one.</summary>
/// <param name="At">The time of the turn, UTC.</param>
/// <param name="Subject">The grain the change is about.</param>
/// <param name="Actor">The access key id on whose behalf, or a name of the service's own.</param>
/// <param name="RequestId">The request, or empty.</param>
/// <param name="Events">What happened, in order.</param>
public sealed record AuditRecord(
    DateTimeOffset At, GrainId Subject, string Actor, string RequestId, IReadOnlyList<AuditEvent> Events);

/// <summary>How a commit ended.</summary>
public enum CommitStatus
{
    /// <summary>Durably done.</summary>
    Committed,

    /// <summary>An ETag had moved on; nothing was done.</summary>
    Conflict,

    /// <summary>A <see cref="GrainChange.CountLimit"/> was reached; nothing was done.</summary>
    LimitExceeded,
}

/// <summary>How a commit ended.</summary>
/// <param name="Status">Done, or why not.</param>
/// <param name="ETag">The ETag of every row the commit wrote.</param>
/// <param name="Cascaded">The grains that were deleted with their owner.</param>
public sealed record CommitResult(CommitStatus Status, long ETag, IReadOnlyList<GrainId> Cascaded)
{
    /// <summary>An ETag had moved on.</summary>
    public static CommitResult Conflict { get; } = new(CommitStatus.Conflict, 0, []);

    /// <summary>A count was at its limit.</summary>
    public static CommitResult LimitExceeded { get; } = new(CommitStatus.LimitExceeded, 0, []);
}

/// <summary>A reminder that has come due.</summary>
/// <param name="Id">Whose.</param>
/// <param name="Reminder">Which.</param>
/// <param name="DueAt">When it was due, UTC.</param>
public sealed record DueReminder(GrainId Id, Reminder Reminder, DateTimeOffset DueAt);

/// <summary>The store cannot answer now. Carries no data of its callers.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>With the reason and its cause.</summary>
    public StoreUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>With the reason.</summary>
    public StoreUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Without a reason.</summary>
    public StoreUnavailableException()
    {
    }
}
