namespace KmsActors.Grains;

/// <summary>
/// What the host sees of a grain during one turn. A grain does no I/O, has no clock and no chance of its
/// own, and may therefore be run again on fresh state when its commit finds that another node was faster.
/// </summary>
public abstract class Grain
{
    /// <summary>The grain's identity.</summary>
    public GrainId Id { get; internal set; }

    /// <summary>The time of this turn, UTC.</summary>
    public DateTimeOffset Now { get; internal set; }

    /// <summary>What this turn asks the host to commit together with the state.</summary>
    internal TurnEffects Effects { get; } = new();

    /// <summary>The state as stored and as the turn leaves it; null when there is none.</summary>
    internal abstract object? StateObject { get; set; }

    /// <summary>Whether the grain exists for its users. A tombstone has state and does not exist.</summary>
    public abstract bool Exists { get; }

    /// <summary>The row by which listings find this grain, or null for none.</summary>
    internal virtual Listing? Listing => null;

    /// <summary>The id of the CMK with which this grain is deleted, or null.</summary>
    internal virtual string? OwnerKeyId => null;

    /// <summary>
    /// When a reminder of this grain is to be due by its state, or null for none. Of kinds of grain that do not say it,
    /// it cannot be told.
    /// </summary>
    internal virtual DateTimeOffset? DueAt(Reminder reminder) => null;

    /// <summary>
    /// Holds the state to its own rules: before it is written and after it is read back.
    /// </summary>
    /// <exception cref="InvariantException">The state contradicts itself.</exception>
    internal virtual void CheckState()
    {
    }

    /// <summary>A reminder has come due. Runs at least once, so it must not mind running again.</summary>
    internal virtual void OnReminder(Reminder reminder)
    {
    }

    /// <summary>Takes all of it away, a tombstone too, because its account goes.</summary>
    public void EraseWithAccount()
    {
        if (StateObject is not null) Erase(AuditEvent.ErasedWithAccount);
    }

    /// <summary>
    /// Has a blob of the HSA's put in place of each one that the state has. A row is written in any case, which says
    /// then which root key it needs.
    /// </summary>
    /// <param name="rewrap">The new blob; the same one where there is none.</param>
    public void Rewrap(Func<byte[], byte[]> rewrap)
    {
        if (StateObject is not IHoldsWrapped state) return;
        StateObject = state.Rewrapped(rewrap);
        Audit(AuditEvent.Rewrapped);
    }

    /// <summary>Takes all of it away, with its reminders.</summary>
    internal void Erase(AuditEvent why)
    {
        StateObject = null;
        Audit(why);
    }

    /// <summary>Asks for <see cref="OnReminder"/> at <paramref name="due"/>, in place of an earlier one.</summary>
    protected void RemindAt(Reminder reminder, DateTimeOffset due) => Effects.Reminders[reminder] = due;

    /// <summary>Takes a reminder back.</summary>
    protected void ForgetReminder(Reminder reminder) => Effects.Reminders[reminder] = null;

    /// <summary>Adds to the audit record of the commit.</summary>
    protected void Audit(AuditEvent happened) => Effects.Audit.Add(happened);

    /// <summary>
    /// Makes the commit of a new grain fail with <see cref="RefusalCode.LimitExceeded"/> when its account
    /// has <paramref name="most"/> grains of its kind already. Exact under concurrency.
    /// </summary>
    protected void LimitCount(long most) => Effects.CountLimit = most;
}

/// <summary>A grain with state of type <typeparamref name="TState"/>, an immutable record.</summary>
public abstract class Grain<TState> : Grain
    where TState : class
{
    /// <summary>The state, or null before creation and after deletion.</summary>
    protected TState? StateOrNull { get; set; }

    /// <summary>The state of a grain that has one.</summary>
    public TState State
    {
        get
        {
            Invariant.That(StateOrNull is not null, "the grain has state");
            return StateOrNull;
        }

        protected set => StateOrNull = value;
    }

    /// <inheritdoc/>
    public override bool Exists => StateOrNull is not null;

    /// <inheritdoc/>
    internal override object? StateObject
    {
        get => StateOrNull;
        set => StateOrNull = (TState?)value;
    }
}
