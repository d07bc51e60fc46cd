namespace KmsActors.Simulator;

/// <summary>
/// What the database keeps to: everything, unless a test breaks a rule to see that the checks of a run notice. There
/// for nothing else.
/// </summary>
internal sealed record DatabaseRules
{
    /// <summary>All of them.</summary>
    public static DatabaseRules All { get; } = new();

    /// <summary>A commit whose ETag has moved on is refused. Else it writes over what is there.</summary>
    public bool ChecksETags { get; init; } = true;

    /// <summary>Reminders that a commit sets are set. Else they are forgotten; what it clears is cleared.</summary>
    public bool KeepsReminders { get; init; } = true;

    /// <summary>Rows of listings are written. Else there are none.</summary>
    public bool KeepsListings { get; init; } = true;

    /// <summary>What a CMK owns goes with it. Else it stays.</summary>
    public bool Cascades { get; init; } = true;

    /// <summary>A commit that passes a limit of a count is refused. Else it is done, and counted.</summary>
    public bool EnforcesCounts { get; init; } = true;

    /// <summary>
    /// The feed is read from the horizon on. Else from the greatest number that was seen, past those that were under
    /// way.
    /// </summary>
    public bool ReadsByHorizon { get; init; } = true;

    /// <summary>A commit leaves its audit record. Else none.</summary>
    public bool KeepsAudit { get; init; } = true;
}
