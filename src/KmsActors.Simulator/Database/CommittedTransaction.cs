using System.Runtime.InteropServices;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Simulator;

/// <summary>A transaction under way. It has to be ended, or the feed reads from it on for ever.</summary>
/// <param name="Number">Its number, greater than those of all that have begun before.</param>
/// <param name="ETag">What its rows get, unless the commit has to draw another.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Transaction(long Number, long ETag);

/// <summary>What a transaction has done, for those who check.</summary>
/// <param name="Number">Its number.</param>
/// <param name="ETag">The ETag of every row it has written.</param>
/// <param name="At">The database's time.</param>
/// <param name="Commit">What was asked for.</param>
/// <param name="Before">What each of its writes has found, in their order; null for no row.</param>
/// <param name="Cascaded">What went with its owner, in the order of ids.</param>
internal sealed record CommittedTransaction(
    long Number,
    long ETag,
    DateTimeOffset At,
    GrainCommit Commit,
    IReadOnlyList<StoredGrain?> Before,
    CascadedGrain[] Cascaded)
{
    /// <summary>The grains whose states are other now, in the order of the writes; then those that went.</summary>
    public GrainId[] Changed()
    {
        var writes = Commit.Writes;
        var written = 0;
        for (var i = 0; i < writes.Count; i++) written += writes[i].Change is null ? 0 : 1;
        var changed = new GrainId[written + Cascaded.Length];
        var next = 0;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Change is not null) changed[next++] = writes[i].Id;
        }

        foreach (var gone in Cascaded) changed[next++] = gone.Id;
        return changed;
    }
}

/// <summary>A grain that went with its owner.</summary>
/// <param name="Id">The grain.</param>
/// <param name="Last">What it was; when the same commit has written it, as what.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CascadedGrain(GrainId Id, StoredGrain Last);
